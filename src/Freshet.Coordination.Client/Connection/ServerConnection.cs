using System.Buffers;
using System.IO.Pipelines;
using Freshet.Coordination.Client.Watches;
using Freshet.Protocol.Jute;
using Freshet.Protocol.Jute.Messages;

namespace Freshet.Coordination.Client.Connection;

/// <summary>
/// One connection of a session: a handshake, then a read loop, a write loop and a heartbeat, until one of them ends.
/// The read loop alone completes requests and fires watches, so their order is the server's.
/// </summary>
internal sealed class ServerConnection(
    IDuplexPipe pipe, RequestQueue requests, WatchRegistry watches, ConnectString connect, CoordinationClientOptions options, TimeProvider time)
    : IAsyncDisposable
{
    private readonly JuteWriter _output = new(capacity: 4096);
    private long _lastZxid;
    private long _lastHeard;
    private long _lastSpoken;
    private volatile bool _pingDue;

    /// <summary>Newest zxid that the client has seen in a reply.</summary>
    public long LastZxid => Interlocked.Read(ref _lastZxid);

    /// <summary>Opens or re-attaches the session.</summary>
    /// <returns>The session as the server sees it; null when the connection ended; <see cref="SessionIdentity.Id"/> 0 when the session is over.</returns>
    public async ValueTask<SessionIdentity?> HandshakeAsync(SessionIdentity session, long lastZxid, CancellationToken cancellation)
    {
        _lastZxid = lastZxid;
        int frame = _output.BeginFrame();
        new ConnectRequest(lastZxid, (int)session.Timeout.TotalMilliseconds, session.Id, session.Password, ReadOnly: false).Write(_output);
        _output.EndFrame(frame);
        await FlushAsync(cancellation).ConfigureAwait(false);
        byte[]? reply = await FrameReading.ReadAsync(pipe.Input, options.MaxFrameBytes, cancellation).ConfigureAwait(false);
        return reply is null ? null : ReadHandshake(reply);
    }

    /// <summary>Serves the session until the connection ends, and returns why it did.</summary>
    public async Task<string> RunAsync(TimeSpan sessionTimeout, CancellationToken cancellation)
    {
        _lastHeard = time.GetTimestamp();
        WriteWatches();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task[] loops = [ReadLoopAsync(end.Token), WriteLoopAsync(end.Token), HeartbeatAsync(sessionTimeout, end.Token)];
        Task first = await Task.WhenAny(loops).ConfigureAwait(false);
        await end.CancelAsync().ConfigureAwait(false);
        pipe.Input.CancelPendingRead();
        await Task.WhenAll(loops).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return first.Exception?.InnerException?.Message ?? "the server closed the connection.";
    }

    public async ValueTask DisposeAsync()
    {
        _output.Dispose();
        await pipe.Input.CompleteAsync().ConfigureAwait(false);
        await pipe.Output.CompleteAsync().ConfigureAwait(false);
        (pipe as IDisposable)?.Dispose();
    }

    private static SessionIdentity ReadHandshake(byte[] reply)
    {
        var reader = new JuteReader(reply);
        ConnectResponse response = ConnectResponse.Read(ref reader);
        return new SessionIdentity(response.SessionId, response.Password ?? [], TimeSpan.FromMilliseconds(response.TimeoutMs));
    }

    /// <summary>Sets the session's watches again. What changed while the client was away fires before the reply.</summary>
    private void WriteWatches()
    {
        foreach (ILookup<WatchKind, string> batch in watches.Batches())
        {
            int frame = _output.BeginFrame();
            new RequestHeader(ReservedXid.SetWatches, OpCode.SetWatches).Write(_output);
            _output.WriteInt64(LastZxid);
            _output.WriteStrings([.. batch[WatchKind.Data]]);
            _output.WriteStrings([.. batch[WatchKind.Exist]]);
            _output.WriteStrings([.. batch[WatchKind.Child]]);
            _output.EndFrame(frame);
        }

        requests.Wake();
    }

    private async Task WriteLoopAsync(CancellationToken cancellation)
    {
        while (true)
        {
            await requests.ArrivedAsync(cancellation).ConfigureAwait(false);
            if (_pingDue)
            {
                _pingDue = false;
                int frame = _output.BeginFrame();
                new RequestHeader(ReservedXid.Ping, OpCode.Ping).Write(_output);
                _output.EndFrame(frame);
            }

            requests.Send(_output);
            if (!await FlushAsync(cancellation).ConfigureAwait(false))
            {
                return;
            }
        }
    }

    private async ValueTask<bool> FlushAsync(CancellationToken cancellation)
    {
        Interlocked.Exchange(ref _lastSpoken, time.GetTimestamp());
        FlushResult flushed = await pipe.Output.WriteAsync(_output.WrittenMemory, cancellation).ConfigureAwait(false);
        _output.Clear();
        return !flushed.IsCompleted;
    }

    private async Task ReadLoopAsync(CancellationToken cancellation)
    {
        while (true)
        {
            ReadResult read = await pipe.Input.ReadAsync(cancellation).ConfigureAwait(false);
            ReadOnlySequence<byte> rest = read.Buffer;
            Interlocked.Exchange(ref _lastHeard, time.GetTimestamp());
            while (JuteFrame.TryTake(ref rest, options.MaxFrameBytes, out ReadOnlySequence<byte> frame))
            {
                Receive(frame.IsSingleSegment ? frame.FirstSpan : frame.ToArray());
            }

            pipe.Input.AdvanceTo(rest.Start, rest.End);
            if (read.IsCompleted || read.IsCanceled)
            {
                return;
            }
        }
    }

    private void Receive(ReadOnlySpan<byte> frame)
    {
        var reader = new JuteReader(frame);
        ReplyHeader header = ReplyHeader.Read(ref reader);
        switch (header.Xid)
        {
            case ReservedXid.Ping:
                break;
            case ReservedXid.SetWatches:
                // Watches that are not set would be waited for in vain; the next connection sets them again.
                if (header.Error != ErrorCode.Ok)
                {
                    throw new JuteException($"The server refused to set watches again: {header.Error}.");
                }

                break;
            case ReservedXid.Notification:
                WatchEvent change = WatchEvent.Read(ref reader);
                watches.Fire(change, connect.ToClient(change.Path));
                break;
            default:
                if (header.Zxid > 0)
                {
                    Interlocked.Exchange(ref _lastZxid, header.Zxid);
                }

                if (!requests.Complete(header, ref reader))
                {
                    throw new JuteException($"The server answered request {header.Xid}, which is not the oldest one waiting.");
                }

                break;
        }
    }

    /// <summary>Pings when nothing was sent for a third of the session timeout, and gives up when nothing came for two thirds.</summary>
    private async Task HeartbeatAsync(TimeSpan sessionTimeout, CancellationToken cancellation)
    {
        while (true)
        {
            TimeSpan silence = time.GetElapsedTime(Interlocked.Read(ref _lastHeard));
            if (silence >= sessionTimeout * 2 / 3)
            {
                throw new TimeoutException($"the server was silent for {silence.TotalSeconds:F1} s.");
            }

            TimeSpan untilPing = (sessionTimeout / 3) - time.GetElapsedTime(Interlocked.Read(ref _lastSpoken));
            if (untilPing <= TimeSpan.Zero)
            {
                _pingDue = true;
                requests.Wake();
                untilPing = sessionTimeout / 3;
            }

            TimeSpan untilDead = (sessionTimeout * 2 / 3) - silence;
            await Task.Delay(untilPing < untilDead ? untilPing : untilDead, time, cancellation).ConfigureAwait(false);
        }
    }
}
