using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Freshet.Cli.Kafka;

/// <summary>Looks offsets of partitions up by time.</summary>
internal static class TopicOffsets
{
    /// <summary>Topics by name, all or these; one that is missing is an error.</summary>
    public static TopicMetadata[] Find(IAdminClient admin, IReadOnlyCollection<string> names, TimeSpan timeout)
    {
        // Asking for one topic would make a broker create it.
        Dictionary<string, TopicMetadata> all = admin.GetMetadata(timeout).Topics.ToDictionary(topic => topic.Topic);
        return names.Count == 0
            ? [.. all.Values.OrderBy(topic => topic.Topic, StringComparer.Ordinal)]
            : [.. names.Select(name => all.GetValueOrDefault(name) ?? throw new CommandFailure($"there is no topic '{name}'"))];
    }

    /// <summary>The partitions of topics, in order; a topic that is missing is an error.</summary>
    public static TopicPartition[] PartitionsOf(IAdminClient admin, IReadOnlyCollection<string> topics, TimeSpan timeout) =>
        [.. Find(admin, topics, timeout).SelectMany(PartitionsOf)];

    public static IEnumerable<TopicPartition> PartitionsOf(TopicMetadata topic) =>
        topic.Partitions.Select(partition => new TopicPartition(topic.Topic, partition.PartitionId)).OrderBy(partition => partition.Partition.Value);

    public static async Task<Dictionary<TopicPartition, long>> AtAsync(IAdminClient admin, IEnumerable<TopicPartition> partitions, OffsetSpec time, TimeSpan timeout)
    {
        TopicPartitionOffsetSpec[] asked = [.. partitions.Select(partition => new TopicPartitionOffsetSpec { TopicPartition = partition, OffsetSpec = time })];
        if (asked.Length == 0)
        {
            return [];
        }

        ListOffsetsResult answer = await admin.ListOffsetsAsync(asked, new ListOffsetsOptions { RequestTimeout = timeout });
        return answer.ResultInfos.ToDictionary(info => info.TopicPartitionOffsetError.TopicPartition, info => info.TopicPartitionOffsetError.Offset.Value);
    }

    /// <summary>Reads a time: a name, one of Kafka's negative numbers, milliseconds since 1970 or a date.</summary>
    public static OffsetSpec ParseTime(string text) => text switch
    {
        "latest" or "-1" => OffsetSpec.Latest(),
        "earliest" or "-2" => OffsetSpec.Earliest(),
        "max-timestamp" or "-3" => OffsetSpec.MaxTimestamp(),
        _ => OffsetSpec.ForTimestamp(ParseMoment(text)),
    };

    /// <summary>Milliseconds since 1970 of a number or a date; a date without an offset is UTC, as in Kafka's tools.</summary>
    public static long ParseMoment(string text) =>
        long.TryParse(text, out long number) && number >= 0 ? number
        : DateTimeOffset.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal, out DateTimeOffset moment) ? moment.ToUnixTimeMilliseconds()
        : throw new CommandFailure($"'{text}' is no time: write earliest, latest, max-timestamp, milliseconds since 1970 or a date such as 2026-08-01T12:00:00");
}
