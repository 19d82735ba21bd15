using Confluent.Kafka;
using Freshet.Broker.Groups;
using Freshet.Broker.Groups.Storage;
using Freshet.Node;

namespace Freshet.Broker.Tests.Groups;

/// <summary>The commits of the group "g", as the topic of groups and offsets has them.</summary>
internal static class StoredCommits
{
    /// <summary>Offsets that were stored behind a greater one of the same partition.</summary>
    public static List<OffsetRecord> GoingBack(FreshetNode node)
    {
        using IConsumer<byte[], byte[]> consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig
        {
            BootstrapServers = node.BootstrapServers,
            GroupId = "reader",
            EnablePartitionEof = true,
        }).Build();
        var last = new Dictionary<int, long>();
        var back = new List<OffsetRecord>();
        consumer.Assign(new TopicPartitionOffset("__consumer_offsets", JavaHash.PartitionOf("g", 50), Offset.Beginning));
        using var patience = new CancellationTokenSource(KafkaClients.Patience);
        while (consumer.Consume(patience.Token) is { IsPartitionEOF: false, Message: { } message })
        {
            if (GroupRecord.Read(message.Key, message.Value) is OffsetRecord { Group: "g", Offset: { } offset } commit)
            {
                if (offset.Offset < last.GetValueOrDefault(commit.Partition))
                {
                    back.Add(commit);
                }

                last[commit.Partition] = offset.Offset;
            }
        }

        Assert.NotEmpty(last);
        return back;
    }
}
