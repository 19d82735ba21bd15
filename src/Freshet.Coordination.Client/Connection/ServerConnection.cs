using System.Buffers;
using System.Collections.Concurrent;
using System.IO.Pipelines;
using Freshet.Coordination.Client.Watches;
using Freshet.Protocol.Jute;
using Freshet.Protocol.Jute.Messages;
using Microsoft.Extensions.Logging;

namespace Freshet.Coordination.Client.Connection;

/// <summary>
/// One connection of a session: a handshake, then a read loop, a write loop and a heartbeat, until one of them ends.
/// The read loop alone completes requests and fires watches, so their order is the server's.
/// </summary>
internal sealed class ServerConnection(
    IDuplexPipe pipe, Session session, ConnectString connect, CoordinationClientOptions options, ILogger logger, TimeProvider time)
    : IAsyncDisposable
{
    private readonly RequestQueue _requests = session.Requests;
    private readonly WatchRegistry _watches = session.Watches;
    private readonly ConcurrentQueue<Credential> _unproved = new();
    private readonly Heartbeat _heartbeat = new(time, session.Requests.Wake);
    private readonly WatchRearming _rearming = new(session.Watches);
    private readonly JuteWriter _output = new(capacity: 4096);
    private long _lastCredential;
    private long _lastZxid;

    /// <summary>Newest zxid that the client has seen in a reply.</summary>
    public long LastZxid => Interlocked.Read(ref _lastZxid);

    /// <summary>Whether the server serves only clients that prove who they are, and this one has not.</summary>
    public bool IsUnwelcome { get; private set; }

    /// <summary>Opens or re-attaches the session.</summary>
    /// <returns>The session as the server sees it; null when the connection ended; <see cref="SessionIdentity.Id"/> 0 when the session is over.</returns>
    public async ValueTask<SessionIdentity?> HandshakeAsync(SessionIdentity identity, long lastZxid, CancellationToken cancellation)
    {
        _lastZxid = lastZxid;
        int frame = _output.BeginFrame();
        new ConnectRequest(lastZxid, (int)identity.Timeout.TotalMilliseconds, identity.Id, identity.Password, ReadOnly: false).Write(_output);
        _output.EndFrame(frame);
        await FlushAsync(cancellation).ConfigureAwait(false);
        byte[]? reply = await FrameReading.ReadAsync(pipe.Input, options.MaxFrameBytes, cancellation).ConfigureAwait(false);
        return reply is null ? null : ReadHandshake(reply);
    }

    /// <summary>Goes through the logins with SASL, before anything else.</summary>
    /// <returns>False when the server refused one or ended the connection.</returns>
    public async ValueTask<bool> LoginAsync(CancellationToken cancellation)
    {
        foreach (Credential credential in session.Credentials.After(0))
        {
            if (credential.BeginLogin() is SaslLogin login && !await LoginAsync(credential, login, cancellation).ConfigureAwait(false))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Serves the session until the connection ends, and returns why it did.</summary>
    public async Task<string> RunAsync(TimeSpan sessionTimeout, CancellationToken cancellation)
    {
        _heartbeat.Heard();
        WriteCredentials();
        _rearming.Write(_output, LastZxid);
        _requests.Wake();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task[] loops = [ReadLoopAsync(end.Token), WriteLoopAsync(end.Token), _heartbeat.RunAsync(sessionTimeout, end.Token)];
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

    private async ValueTask<bool> LoginAsync(Credential credential, SaslLogin login, CancellationToken cancellation)
    {
        for (byte[]? token = []; token is not null;)
        {
            int frame = _output.BeginFrame();
            new RequestHeader(Xid: 0, OpCode.Sasl).Write(_output);
            _output.WriteBuffer(token.AsSpan());
            _output.EndFrame(frame);
            await FlushAsync(cancellation).ConfigureAwait(false);
            if (await FrameReading.ReadAsync(pipe.Input, options.MaxFrameBytes, cancellation).ConfigureAwait(false) is not byte[] reply)
            {
                return false;
            }

            ErrorCode error = ReadLoginReply(reply, login, out token);
            IsUnwelcome |= error == ErrorCode.SessionClosedRequireSaslAuth;
            if (error != ErrorCode.Ok)
            {
                Prove(credential, error);
                return false;
            }
        }

        Prove(credential, ErrorCode.Ok);
        return true;
    }

    private static ErrorCode ReadLoginReply(byte[] reply, SaslLogin login, out byte[]? next)
    {
        var reader = new JuteReader(reply);
        ErrorCode error = ReplyHeader.Read(ref reader).Error;
        next = error == ErrorCode.Ok ? login.Next(reader.ReadBuffer(out _)) : null;
        return error;
    }

    /// <summary>Proves what this connection has not proved yet.</summary>
    private void WriteCredentials()
    {
        foreach (Credential credential in session.Credentials.After(_lastCredential))
        {
            _lastCredential = credential.Number;
            if (credential.Scheme == SaslLogin.Scheme)
            {
                continue; // proved by now
            }

            _unproved.Enqueue(credential);
            credential.WriteFrame(_output);
        }
    }

    private async Task WriteLoopAsync(CancellationToken cancellation)
    {
        while (true)
        {
            await _requests.ArrivedAsync(cancellation).ConfigureAwait(false);
            if (_heartbeat.TakePing())
            {
                int frame = _output.BeginFrame();
                new RequestHeader(ReservedXid.Ping, OpCode.Ping).Write(_output);
                _output.EndFrame(frame);
            }

            WriteCredentials();
            _requests.Send(_output);
            if (!await FlushAsync(cancellation).ConfigureAwait(false))
            {
                return;
            }
        }
    }

    private async ValueTask<bool> FlushAsync(CancellationToken cancellation)
    {
        _heartbeat.Spoke();
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
            _heartbeat.Heard();
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
        IsUnwelcome |= header.Error == ErrorCode.SessionClosedRequireSaslAuth;
        switch (header.Xid)
        {
            case ReservedXid.Ping:
                break;
            case ReservedXid.Auth when _unproved.TryDequeue(out Credential? credential):
                Prove(credential, header.Error);
                break;
            case ReservedXid.SetWatches when _rearming.TryAnswer(header, ref reader):
                break;
            case ReservedXid.Notification:
                var change = WatchEvent.Read(ref reader);
                _watches.Fire(change, connect.ToClient(change.Path));
                if (!_rearming.IsCatchingUp)
                {
                    _watches.Persistent.Fire(change, connect.ToClient(change.Path), header.Zxid);
                }

                break;
            case ReservedXid.ReplayedEvent when _rearming.IsCatchingUp:
                var missed = WatchEvent.Read(ref reader);
                _watches.Persistent.FireAgain(missed, connect.ToClient(missed.Path), header.Zxid);
                break;
            default:
                if (header.Zxid > 0)
                {
                    Interlocked.Exchange(ref _lastZxid, header.Zxid);
                    _watches.Persistent.Position.Reached(header.Zxid);
                }

                if (!_requests.Complete(header, ref reader))
                {
                    throw new JuteException($"The server answered request {header.Xid}, which is not the oldest one waiting.");
                }

                break;
        }
    }

    /// <summary>Refused credentials are forgotten: with them every connection would end as this one does.</summary>
    private void Prove(Credential credential, ErrorCode error)
    {
        if (error == ErrorCode.Ok)
        {
            credential.Accept();
            return;
        }

        session.Credentials.Remove(credential);
        credential.Fail(error);
        ClientLog.CredentialsRefused(logger, session.Identity.Id, credential.Scheme, error);
    }
}
