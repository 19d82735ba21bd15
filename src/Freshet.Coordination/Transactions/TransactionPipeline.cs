using Freshet.Coordination.Tree;
using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Transactions;

/// <summary>Takes decided transactions through the log and applies them, in zxid order, once they are durable.</summary>
internal sealed class TransactionPipeline(ReplicatedState state, IStateEvents events, TimeProvider time) : IDisposable
{
    private readonly Queue<Transaction> _inFlight = new();
    private readonly JuteWriter _encoded = new(4096);
    private readonly Queue<(long Zxid, Action Continue)> _whenApplied = new();
    private ITransactionLog? _log;

    public PendingState Pending { get; } = new(state);

    /// <summary>The newest zxid given out.</summary>
    public long LastProposed { get; private set; } = state.LastZxid;

    /// <summary>Bytes of transactions in the log that no snapshot covered at the start, and since.</summary>
    public long BytesProposed { get; private set; }

    public long PendingBytes => _log!.PendingBytes;

    /// <param name="log">Where transactions go.</param>
    /// <param name="replayedBytes">What recovery read from it.</param>
    public void Start(ITransactionLog log, long replayedBytes) => (_log, LastProposed, BytesProposed) = (log, state.LastZxid, replayedBytes);

    /// <summary>The zxid and time of the transaction that is decided next.</summary>
    public Moment Next() => new(LastProposed + 1, time.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>Hands a decided transaction to the log.</summary>
    public void Propose(Transaction transaction)
    {
        Pending.Commit();
        LastProposed = transaction.At.Zxid;
        _encoded.Clear();
        transaction.Write(_encoded);
        _inFlight.Enqueue(transaction);
        _log!.Append(LastProposed, _encoded.WrittenSpan);
        BytesProposed += _encoded.Length;
    }

    /// <summary>Forgets the log up to a zxid that a snapshot covers. May be called beside the sequence.</summary>
    public void Purge(long zxid) => _log!.Purge(zxid);

    public void Dispose() => _encoded.Dispose();

    /// <summary>Calls back when everything up to this zxid, the newest given out, is applied: at once when it is.</summary>
    public void WhenApplied(long zxid, Action continuation)
    {
        if (zxid <= state.LastZxid)
        {
            continuation();
        }
        else
        {
            _whenApplied.Enqueue((zxid, continuation));
        }
    }

    /// <summary>Gives up everything in flight, because the log has no space for it. Nobody has seen any of it, so its zxids are given out again.</summary>
    public void Abandon(ErrorCode error)
    {
        _log!.Abandon();
        Pending.Clear();
        LastProposed = state.LastZxid;
        while (_inFlight.TryDequeue(out Transaction? transaction))
        {
            transaction.Reply?.Abandon(error, state.LastZxid);
        }

        while (_whenApplied.TryDequeue(out (long Zxid, Action Continue) waiting))
        {
            waiting.Continue();
        }
    }

    /// <summary>Applies what has become durable.</summary>
    public void Commit(long durableZxid)
    {
        while (_inFlight.TryPeek(out Transaction? transaction) && transaction.At.Zxid <= durableZxid)
        {
            _inFlight.Dequeue();
            transaction.Apply(state, events);
        }

        Pending.Release(state.LastZxid);
        while (_whenApplied.TryPeek(out (long Zxid, Action Continue) waiting) && waiting.Zxid <= state.LastZxid)
        {
            _whenApplied.Dequeue();
            waiting.Continue();
        }
    }
}
