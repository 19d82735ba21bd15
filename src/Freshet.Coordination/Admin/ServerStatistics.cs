namespace Freshet.Coordination.Admin;

/// <summary>
/// Counters of the whole server. Changed in sequence only; metrics read them beside it, which is safe because each is one
/// word and at worst a moment old.
/// </summary>
internal sealed class ServerStatistics
{
    private ResponseSizes _responses = new();
    private LatencyRange _reads;
    private LatencyRange _updates;
    private LatencyRange _syncs;

    public long PacketsReceived { get; private set; }

    public long BytesReceived { get; private set; }

    public long PacketsSent { get; private set; }

    public long BytesSent { get; private set; }

    /// <summary>Session requests, new and renewed.</summary>
    public long ConnectionRequests { get; set; }

    public long SessionsExpired { get; set; }

    /// <summary>Connections closed because no session request came.</summary>
    public long SessionlessExpired { get; set; }

    public ref readonly ResponseSizes Responses => ref _responses;

    public ref readonly LatencyRange Reads => ref _reads;

    public ref readonly LatencyRange Updates => ref _updates;

    /// <summary>How long the disk took.</summary>
    public ref readonly LatencyRange Syncs => ref _syncs;

    public LatencyRange Latency
    {
        get
        {
            LatencyRange all = _reads;
            all.Add(_updates);
            return all;
        }
    }

    public void Received(int bytes)
    {
        PacketsReceived++;
        BytesReceived += bytes;
    }

    public void Sent(int bytes)
    {
        PacketsSent++;
        BytesSent += bytes;
    }

    /// <summary>Counts a reply to a request, beside <see cref="Sent"/>.</summary>
    public void Replied(int bytes) => _responses.Add(bytes);

    public void Took(in LatencyRange reads, in LatencyRange updates)
    {
        _reads.Add(reads);
        _updates.Add(updates);
    }

    /// <summary>Counts one fsync of the journal.</summary>
    public void Synced(TimeSpan took)
    {
        long microseconds = took.Ticks / TimeSpan.TicksPerMicrosecond;
        _syncs.Add(LatencyRange.Of(count: 1, microseconds, microseconds, microseconds));
    }

    /// <summary>What <c>srst</c> resets: packets and latencies.</summary>
    public void Reset()
    {
        (PacketsReceived, PacketsSent) = (0, 0);
        (_reads, _updates, _responses) = (default, default, new ResponseSizes());
    }
}
