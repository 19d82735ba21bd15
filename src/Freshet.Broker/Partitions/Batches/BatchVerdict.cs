using Freshet.Protocol.Kafka;

namespace Freshet.Broker.Partitions.Batches;

/// <summary>Whether a batch may be appended.</summary>
/// <param name="Error">Why not, or none.</param>
/// <param name="Message">Explains a refusal.</param>
/// <param name="BadRecords">Places in the batch of the records that are to blame; null when it is the batch as a whole.</param>
internal readonly record struct BatchVerdict(ErrorCode Error, string? Message, IReadOnlyList<int>? BadRecords = null)
{
    /// <summary>Whether there was one whole batch to judge, rather than bytes that are none.</summary>
    public bool IsOfBatch { get; init; }

    /// <summary>The largest timestamp of an accepted batch's records, whatever its header says; -1 when they have none.</summary>
    public long MaxTimestamp { get; init; }
}
