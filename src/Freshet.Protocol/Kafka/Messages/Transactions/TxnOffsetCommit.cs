namespace Freshet.Protocol.Kafka.Messages;

/// <summary>Stores how far a group has read, as part of a transaction (Kafka protocol, TxnOffsetCommit, versions 0 to 5).</summary>
public sealed record TxnOffsetCommitRequest(
    string TransactionalId, string GroupId, long ProducerId, short ProducerEpoch, int GenerationId, string MemberId, string? GroupInstanceId,
    IReadOnlyList<TxnOffsetCommitTopic> Topics) : IKafkaReadable<TxnOffsetCommitRequest>
{
    private const short FirstWithMember = 3;

    /// <inheritdoc/>
    public static TxnOffsetCommitRequest Read(ref KafkaReader reader)
    {
        string transactionalId = reader.ReadString();
        string group = reader.ReadString();
        long producerId = reader.ReadInt64();
        short epoch = reader.ReadInt16();
        bool hasMember = reader.Version >= FirstWithMember;
        var request = new TxnOffsetCommitRequest(
            transactionalId, group, producerId, epoch,
            hasMember ? reader.ReadInt32() : -1, hasMember ? reader.ReadString() : "", hasMember ? reader.ReadNullableString() : null,
            reader.ReadArray<TxnOffsetCommitTopic>());
        reader.SkipTags();
        return request;
    }
}

/// <summary>Offsets of one topic.</summary>
public sealed record TxnOffsetCommitTopic(string Name, IReadOnlyList<TxnOffsetCommitPartition> Partitions) : IKafkaReadable<TxnOffsetCommitTopic>
{
    /// <inheritdoc/>
    public static TxnOffsetCommitTopic Read(ref KafkaReader reader)
    {
        var topic = new TxnOffsetCommitTopic(reader.ReadString(), reader.ReadArray<TxnOffsetCommitPartition>());
        reader.SkipTags();
        return topic;
    }
}

/// <summary>Next offset to read of one partition, and what the client notes about it.</summary>
public sealed record TxnOffsetCommitPartition(int Index, long Offset, int LeaderEpoch, string? Metadata) : IKafkaReadable<TxnOffsetCommitPartition>
{
    private const short FirstWithLeaderEpoch = 2;

    /// <inheritdoc/>
    public static TxnOffsetCommitPartition Read(ref KafkaReader reader)
    {
        var partition = new TxnOffsetCommitPartition(
            reader.ReadInt32(), reader.ReadInt64(), reader.Version >= FirstWithLeaderEpoch ? reader.ReadInt32() : -1, reader.ReadNullableString());
        reader.SkipTags();
        return partition;
    }
}

/// <summary>What became of each offset.</summary>
public sealed record TxnOffsetCommitResponse(IReadOnlyList<TopicErrors> Topics) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteThrottle();
        writer.WriteArray(Topics);
        writer.WriteNoTags();
    }
}
