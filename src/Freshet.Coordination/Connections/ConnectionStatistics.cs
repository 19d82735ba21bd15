using Freshet.Coordination.Admin;
using Freshet.Coordination.Requests.Writes;

namespace Freshet.Coordination.Connections;

/// <summary>What one connection has received and sent, and how long its requests took.</summary>
internal sealed class ConnectionStatistics(ServerStatistics server)
{
    private AnsweredRequests _reads;
    private AnsweredRequests _updates;
    private LatencyRange _latency;

    public long PacketsReceived { get; private set; }

    public long PacketsSent { get; private set; }

    public RequestMark LastRequest { get; private set; }

    /// <summary>Zxid of the last reply.</summary>
    public long LastZxid { get; private set; }

    /// <summary>Milliseconds after the server's start.</summary>
    public long LastResponseAt { get; private set; }

    public long LastLatencyMs { get; private set; }

    public ref readonly LatencyRange Latency => ref _latency;

    public void Received(int bytes)
    {
        PacketsReceived++;
        server.Received(bytes);
    }

    /// <summary>Counts a packet that answers no request: a watch event or the answer to the handshake.</summary>
    public void Sent(int bytes)
    {
        PacketsSent++;
        server.Sent(bytes);
    }

    public void Answered(in RequestMark request, long zxid, int bytes)
    {
        Sent(bytes);
        server.Replied(bytes);
        (LastRequest, LastZxid) = (request, zxid);
        if (WriteDecoder.IsWrite(request.Type))
        {
            _updates.Add(request.ReceivedAt);
        }
        else
        {
            _reads.Add(request.ReceivedAt);
        }
    }

    /// <summary>The answers of this batch leave.</summary>
    /// <param name="now">Microseconds on the <see cref="BatchClock"/>.</param>
    public void EndBatch(long now)
    {
        LatencyRange reads = _reads.Take(now);
        LatencyRange updates = _updates.Take(now);
        if (reads.Count + updates.Count == 0)
        {
            return;
        }

        _latency.Add(reads);
        _latency.Add(updates);
        server.Took(reads, updates);
        LastLatencyMs = (now - LastRequest.ReceivedAt) / 1000;
        LastResponseAt = now / 1000;
    }

    /// <summary>What <c>crst</c> resets.</summary>
    public void Reset()
    {
        (PacketsReceived, PacketsSent, LastZxid, LastResponseAt, LastLatencyMs) = (0, 0, 0, 0, 0);
        (_latency, LastRequest) = (default, default);
    }
}
