using Freshet.Protocol.Jute;
using Freshet.Protocol.Jute.Messages;

namespace Freshet.Coordination.Client.Connection;

/// <summary>
/// Requests in the order they were made: those waiting for a connection, and those sent and waiting for their reply.
/// Replies come in that order too. Thread-safe.
/// </summary>
internal sealed class RequestQueue(int maxPending)
{
    private readonly Lock _gate = new();
    private readonly Queue<PendingRequest> _unsent = new();
    private readonly Queue<PendingRequest> _sent = new();
    private readonly SemaphoreSlim _arrived = new(0, 1);
    private ErrorCode? _closed;
    private int _lastXid;

    /// <summary>Adds a request, or fails it when the session is over or too many wait already.</summary>
    public void Add(PendingRequest request)
    {
        if (Enqueue(request) is ErrorCode refusal)
        {
            request.Fail(refusal);
            request.Dispose();
        }
        else
        {
            Wake();
        }
    }

    /// <summary>Lets the write loop look again, for a ping or to notice its end.</summary>
    public void Wake()
    {
        lock (_gate)
        {
            if (_arrived.CurrentCount == 0)
            {
                _arrived.Release();
            }
        }
    }

    public Task ArrivedAsync(CancellationToken cancellation) => _arrived.WaitAsync(cancellation);

    /// <summary>Writes every waiting request to the connection.</summary>
    public void Send(JuteWriter output)
    {
        lock (_gate)
        {
            while (_unsent.TryDequeue(out PendingRequest? request))
            {
                _lastXid = _lastXid == int.MaxValue ? 1 : _lastXid + 1;
                request.Xid = _lastXid;
                request.WriteFrame(output);
                request.Dispose();
                _sent.Enqueue(request);
            }
        }
    }

    /// <summary>Hands a reply to the oldest request, which must be the one it answers.</summary>
    /// <returns>False when the reply answers another request: the stream is broken.</returns>
    public bool Complete(ReplyHeader header, ref JuteReader body)
    {
        PendingRequest? request;
        lock (_gate)
        {
            if (!_sent.TryPeek(out request) || request.Xid != header.Xid)
            {
                return false;
            }

            _sent.Dequeue();
        }

        request.Complete(header.Error, ref body);
        return true;
    }

    /// <summary>The connection is gone: what was sent has an unknown outcome, what was not waits for the next one.</summary>
    public void FailSent(ErrorCode error) => Fail(_sent, error);

    /// <summary>No server was found for too long: nobody should wait any more.</summary>
    public void FailUnsent(ErrorCode error) => Fail(_unsent, error);

    /// <summary>The session is over: everything fails, now and later.</summary>
    public void Close(ErrorCode reason)
    {
        lock (_gate)
        {
            _closed = reason;
        }

        FailSent(reason);
        FailUnsent(reason);
    }

    private void Fail(Queue<PendingRequest> requests, ErrorCode error)
    {
        PendingRequest[] failed;
        lock (_gate)
        {
            failed = [.. requests];
            requests.Clear();
        }

        foreach (PendingRequest request in failed)
        {
            request.Fail(error);
            request.Dispose();
        }
    }

    private ErrorCode? Enqueue(PendingRequest request)
    {
        lock (_gate)
        {
            if (_closed is not null)
            {
                return _closed;
            }

            if (_unsent.Count + _sent.Count >= maxPending)
            {
                return ErrorCode.ThrottledOp;
            }

            _unsent.Enqueue(request);
            return null;
        }
    }
}
