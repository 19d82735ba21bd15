namespace Freshet.Storage.Log.Compaction;

/// <summary>What compaction must know of a log's producers and transactions.</summary>
/// <param name="Before">Offset that compaction stays below: the last stable offset.</param>
/// <param name="Aborted">The aborted transactions, in the order of their markers.</param>
/// <param name="KeptBatches">Base offsets of batches that stay, if only empty, because they hold the last sequence numbers of living producers.</param>
/// <param name="KeptMarkers">Living producers of which only a marker is known, and its epoch: the last marker stays.</param>
public sealed record CompactionGuard(
    long Before, IReadOnlyList<AbortedTransaction> Aborted, IReadOnlySet<long> KeptBatches, IReadOnlyDictionary<long, short> KeptMarkers)
{
    /// <summary>A guard for a log without producers and transactions.</summary>
    public static CompactionGuard None { get; } = new(long.MaxValue, [], new HashSet<long>(), new Dictionary<long, short>());
}
