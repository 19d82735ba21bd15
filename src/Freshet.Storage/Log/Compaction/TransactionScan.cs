using Freshet.Storage.Log.Segments;

namespace Freshet.Storage.Log.Compaction;

/// <summary>
/// Follows transactions while a log is walked from its start: says which batches belong to aborted ones, and which markers end
/// a transaction of which nothing is left.
/// </summary>
internal sealed class TransactionScan(IReadOnlyList<AbortedTransaction> aborted)
{
    private readonly Queue<AbortedTransaction> _ahead = new(aborted.OrderBy(transaction => transaction.FirstOffset));
    private readonly Dictionary<long, AbortedTransaction> _aborting = [];
    private readonly HashSet<long> _withData = [];

    /// <summary>Whether a data batch belongs to an aborted transaction.</summary>
    public bool IsAborted(BatchHeader batch) => batch.Attributes.IsTransactional && Aborting(batch.ProducerId, batch.LastOffset) is not null;

    /// <summary>Notes that data of a transaction that was not aborted is kept.</summary>
    public void Kept(BatchHeader batch)
    {
        if (batch.Attributes.IsTransactional)
        {
            _withData.Add(batch.ProducerId);
        }
    }

    /// <summary>Takes a marker, and says whether nothing is left of its transaction.</summary>
    public bool EndsEmpty(BatchHeader marker)
    {
        if (Aborting(marker.ProducerId, marker.LastOffset) is not null)
        {
            _aborting.Remove(marker.ProducerId);
            _withData.Remove(marker.ProducerId);
            return true;
        }

        return !_withData.Remove(marker.ProducerId);
    }

    /// <summary>The aborted transaction that an offset of a producer lies in. Its marker may be gone already, so its end is looked at.</summary>
    private AbortedTransaction? Aborting(long producerId, long offset)
    {
        Advance(offset);
        return _aborting.TryGetValue(producerId, out AbortedTransaction transaction) && offset <= transaction.LastOffset ? transaction : null;
    }

    private void Advance(long offset)
    {
        while (_ahead.TryPeek(out AbortedTransaction next) && next.FirstOffset <= offset)
        {
            _aborting[next.ProducerId] = _ahead.Dequeue();
        }
    }
}
