using Freshet.Storage.Journal;

namespace Freshet.Coordination.Transactions;

/// <summary>The log of a single node: a journal whose sequences are the zxids.</summary>
internal sealed class JournalTransactionLog(SegmentedJournal journal) : ITransactionLog
{
    public long PendingBytes => journal.PendingBytes;

    public void Append(long zxid, ReadOnlySpan<byte> transaction)
    {
        long sequence = journal.Append(transaction);
        if (sequence != zxid)
        {
            throw new InvalidOperationException($"The journal numbered transaction {zxid} as {sequence}.");
        }
    }

    public void Abandon() => journal.Abandon();

    public void Purge(long zxid) => journal.Purge(zxid);

    public ValueTask DisposeAsync() => journal.DisposeAsync();
}
