using System.Buffers;
using System.Diagnostics;
using Freshet.Coordination.Requests.Writes;

namespace Freshet.Coordination.Connections;

/// <summary>
/// The requests of one connection that wait: writes on their way through the log, and whatever came behind one, so that answers leave
/// in the order of the requests. Used in sequence.
/// </summary>
internal sealed class WaitingLine
{
    private readonly Queue<WaitingRequest> _requests = new();
    private bool _hasGap;

    public int Count => _requests.Count;

    /// <summary>Puts a write in line.</summary>
    public void Add(OperationReply write, in RequestMark mark) => _requests.Enqueue(new WaitingRequest(write, null, 0, mark));

    /// <summary>Puts any other request in line, with a copy of its body.</summary>
    public void Add(ReadOnlySpan<byte> body, in RequestMark mark)
    {
        byte[] copy = ArrayPool<byte>.Shared.Rent(body.Length);
        body.CopyTo(copy);
        _requests.Enqueue(new WaitingRequest(null, copy, body.Length, mark));
    }

    /// <summary>Takes out the write that is first in line; false when it may not be answered.</summary>
    public bool TryTake(OperationReply write, out RequestMark mark)
    {
        // A connection that closes answers no more reads, so some may be left in front; and then nothing behind them, or answers would
        // come out of order.
        WaitingRequest first = _requests.Dequeue();
        while (!first.IsWrite)
        {
            first.Release();
            first = _requests.Dequeue();
            _hasGap = true;
        }

        Debug.Assert(first.Write == write, "Writes are applied in the order they were decided in.");
        mark = first.Mark;
        return !_hasGap;
    }

    /// <summary>Takes out the first in line unless it is a write, which goes on waiting for the log. The caller releases it.</summary>
    public bool TryTakeRead(out WaitingRequest read)
    {
        if (!_requests.TryPeek(out read) || read.IsWrite)
        {
            return false;
        }

        _requests.Dequeue();
        return true;
    }

    public void Clear()
    {
        while (_requests.TryDequeue(out WaitingRequest request))
        {
            request.Release();
        }
    }
}
