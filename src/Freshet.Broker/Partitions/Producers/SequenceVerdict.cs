using Freshet.Protocol.Kafka;

namespace Freshet.Broker.Partitions.Producers;

/// <summary>Whether a producer's batch is its next, one that is there already, or neither.</summary>
/// <param name="Error">None when the batch is next or a duplicate.</param>
/// <param name="DuplicateOf">Base offset of the batch it repeats; null when it repeats none.</param>
internal readonly record struct SequenceVerdict(ErrorCode Error, long? DuplicateOf)
{
    public static SequenceVerdict Accept => default;

    public static SequenceVerdict Duplicate(long baseOffset) => new(ErrorCode.None, baseOffset);

    public static SequenceVerdict Refuse(ErrorCode error) => new(error, null);
}
