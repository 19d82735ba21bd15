using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Freshet.Cli.Kafka;

/// <summary>Finds the offsets that a group is to read on from; never outside of what is there.</summary>
internal sealed class OffsetReset(IAdminClient admin, TimeSpan timeout, Dictionary<TopicPartition, long> committed)
{
    /// <summary>Partitions that the group has offsets of.</summary>
    public TopicPartition[] Known => [.. committed.Keys];

    public long? CommittedOf(TopicPartition partition) => committed.TryGetValue(partition, out long offset) ? offset : null;

    /// <summary>To the first record of a time or later, or behind the last when there is none.</summary>
    public async Task<Dictionary<TopicPartition, long>> ToTimeAsync(TopicPartition[] partitions, OffsetSpec time)
    {
        Dictionary<TopicPartition, long> found = await TopicOffsets.AtAsync(admin, partitions, time, timeout);
        Dictionary<TopicPartition, long> ends = await TopicOffsets.AtAsync(admin, partitions, OffsetSpec.Latest(), timeout);
        return partitions.ToDictionary(partition => partition, partition => found[partition] >= 0 ? found[partition] : ends[partition]);
    }

    public Task<Dictionary<TopicPartition, long>> ToOffsetAsync(TopicPartition[] partitions, long offset) => WithinAsync(partitions, _ => offset);

    public Task<Dictionary<TopicPartition, long>> ShiftAsync(TopicPartition[] partitions, long by) => WithinAsync(partitions, partition =>
        (CommittedOf(partition) ?? throw new CommandFailure($"the group has no offset of {partition.Topic}-{partition.Partition.Value} to start from")) + by);

    private async Task<Dictionary<TopicPartition, long>> WithinAsync(TopicPartition[] partitions, Func<TopicPartition, long> wanted)
    {
        Dictionary<TopicPartition, long> starts = await TopicOffsets.AtAsync(admin, partitions, OffsetSpec.Earliest(), timeout);
        Dictionary<TopicPartition, long> ends = await TopicOffsets.AtAsync(admin, partitions, OffsetSpec.Latest(), timeout);
        return partitions.ToDictionary(partition => partition, partition => Math.Clamp(wanted(partition), starts[partition], ends[partition]));
    }
}
