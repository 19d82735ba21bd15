using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Freshet.Cli.Kafka;

/// <summary>How far groups have read, and how much is left.</summary>
internal static class GroupLag
{
    public static async Task<Report> OfAsync(IAdminClient admin, IReadOnlyList<ConsumerGroupDescription> groups, TimeSpan timeout)
    {
        var report = new Report("group", "topic", "partition", "committed offset", "end offset", "lag", "member", "host", "client");
        foreach (ConsumerGroupDescription group in groups)
        {
            await AddAsync(report, admin, group, timeout);
        }

        return report;
    }

    /// <summary>Offsets that a group has committed.</summary>
    public static async Task<Dictionary<TopicPartition, long>> CommittedAsync(IAdminClient admin, string group, TimeSpan timeout)
    {
        List<ListConsumerGroupOffsetsResult> committed = await admin.ListConsumerGroupOffsetsAsync(
            [new ConsumerGroupTopicPartitions(group, null)], new ListConsumerGroupOffsetsOptions { RequestTimeout = timeout });
        return committed[0].Partitions.Where(entry => entry.Offset >= 0).ToDictionary(entry => entry.TopicPartition, entry => entry.Offset.Value);
    }

    private static async Task AddAsync(Report report, IAdminClient admin, ConsumerGroupDescription group, TimeSpan timeout)
    {
        Dictionary<TopicPartition, long> committed = await CommittedAsync(admin, group.GroupId, timeout);
        Dictionary<TopicPartition, MemberDescription> owners = group.Members
            .SelectMany(member => member.Assignment.TopicPartitions.Select(partition => (partition, member)))
            .DistinctBy(owned => owned.partition)
            .ToDictionary(owned => owned.partition, owned => owned.member);
        TopicPartition[] partitions = [.. committed.Keys.Union(owners.Keys).OrderBy(each => each.Topic, StringComparer.Ordinal).ThenBy(each => each.Partition.Value)];
        Dictionary<TopicPartition, long> ends = await TopicOffsets.AtAsync(admin, partitions, OffsetSpec.Latest(), timeout);
        foreach (TopicPartition partition in partitions)
        {
            long? offset = committed.TryGetValue(partition, out long known) ? known : null;
            MemberDescription? owner = owners.GetValueOrDefault(partition);
            report.Add(
                group.GroupId, partition.Topic, partition.Partition.Value, offset, ends[partition], offset is null ? null : Math.Max(ends[partition] - offset.Value, 0),
                owner?.ConsumerId, owner?.Host, owner?.ClientId);
        }
    }
}
