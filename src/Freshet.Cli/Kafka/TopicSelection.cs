using System.Globalization;
using Confluent.Kafka;

namespace Freshet.Cli.Kafka;

/// <summary>Partitions named as TOPIC or TOPIC:PARTITION,PARTITION..., as in Kafka's tools.</summary>
internal static class TopicSelection
{
    /// <exception cref="CommandFailure">A topic or a partition is missing.</exception>
    public static TopicPartition[] Parse(IEnumerable<string> texts, IAdminClient admin, TimeSpan timeout) => [.. texts.SelectMany(text => Parse(text, admin, timeout))];

    private static IEnumerable<TopicPartition> Parse(string text, IAdminClient admin, TimeSpan timeout)
    {
        string[] parts = text.Split(':', 2);
        TopicPartition[] all = TopicOffsets.PartitionsOf(admin, [parts[0]], timeout);
        return parts.Length == 1 ? all : parts[1].Split(',').Select(number =>
            int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int partition) && partition < all.Length
                ? new TopicPartition(parts[0], partition)
                : throw new CommandFailure($"the topic '{parts[0]}' has no partition {number}: it has {all.Length}"));
    }
}
