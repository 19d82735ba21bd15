namespace Freshet.Coordination.Transactions;

/// <summary>
/// The log that decided transactions go through. On a single node it is a journal on disk; in an ensemble it will be the
/// replicated log. It reports back which transactions are durable, and only those are applied and answered.
/// </summary>
internal interface ITransactionLog : IAsyncDisposable
{
    /// <summary>Bytes appended but not yet durable, for back-pressure.</summary>
    long PendingBytes { get; }

    /// <summary>Appends the transaction that takes the next zxid and returns at once.</summary>
    void Append(long zxid, ReadOnlySpan<byte> transaction);

    /// <summary>Forgets every transaction that is not durable, after the log has reported that it has no space for them.</summary>
    void Abandon();

    /// <summary>Forgets transactions up to this one where that is convenient: a snapshot holds their effect.</summary>
    void Purge(long zxid);
}
