using Freshet.Protocol.Kafka;

namespace Freshet.Broker.Partitions.Batches;

/// <summary>What became of one batch.</summary>
/// <param name="Error">Why it was refused, or none.</param>
/// <param name="BaseOffset">Offset of its first record; -1 when refused. A duplicate has the offset of the first time.</param>
/// <param name="LogAppendTime">Time that its records got, or -1 when they kept the producer's.</param>
/// <param name="Message">Explains a refusal.</param>
internal readonly record struct AppendResult(ErrorCode Error, long BaseOffset, long LogAppendTime, string? Message = null)
{
    /// <summary>Places in the batch of the records that are to blame for a refusal, or null.</summary>
    public IReadOnlyList<int>? BadRecords { get; init; }

    /// <summary>The log's start, told to a producer whose batch was stored or judged; -1 otherwise.</summary>
    public long LogStartOffset { get; init; } = -1;

    public static AppendResult Refused(ErrorCode error, string? message = null) => new(error, -1, -1, message);
}
