namespace Freshet.Protocol.Kafka.Messages;

/// <summary>Partitions of one topic, which is named by its id.</summary>
public sealed record TopicIdPartitions(Guid TopicId, IReadOnlyList<int> Partitions) : IKafkaReadable<TopicIdPartitions>, IKafkaWritable
{
    /// <inheritdoc/>
    public static TopicIdPartitions Read(ref KafkaReader reader)
    {
        var partitions = new TopicIdPartitions(reader.ReadUuid(), reader.ReadInt32Array());
        reader.SkipTags();
        return partitions;
    }

    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteUuid(TopicId);
        writer.WriteInt32Array(Partitions);
        writer.WriteNoTags();
    }
}
