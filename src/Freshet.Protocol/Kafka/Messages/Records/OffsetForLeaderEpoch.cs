namespace Freshet.Protocol.Kafka.Messages;

/// <summary>Asks where leader epochs end (Kafka protocol, OffsetForLeaderEpoch, versions 2 to 4).</summary>
public sealed record OffsetForLeaderEpochRequest(OffsetForLeaderEpochRequest.Topic[] Topics) : IKafkaReadable<OffsetForLeaderEpochRequest>
{
    /// <inheritdoc/>
    public static OffsetForLeaderEpochRequest Read(ref KafkaReader reader)
    {
        if (reader.Version >= 3)
        {
            reader.ReadInt32(); // Replica id.
        }

        var request = new OffsetForLeaderEpochRequest(reader.ReadArray<Topic>());
        reader.SkipTags();
        return request;
    }

    /// <summary>What is asked of one topic.</summary>
    public sealed record Topic(string Name, Partition[] Partitions) : IKafkaReadable<Topic>
    {
        /// <inheritdoc/>
        public static Topic Read(ref KafkaReader reader)
        {
            var topic = new Topic(reader.ReadString(), reader.ReadArray<Partition>());
            reader.SkipTags();
            return topic;
        }
    }

    /// <summary>What is asked of one partition.</summary>
    /// <param name="Index">Its number.</param>
    /// <param name="CurrentLeaderEpoch">Leader epoch the client knows, or -1.</param>
    /// <param name="LeaderEpoch">Epoch whose end is asked for.</param>
    public readonly record struct Partition(int Index, int CurrentLeaderEpoch, int LeaderEpoch) : IKafkaReadable<Partition>
    {
        /// <inheritdoc/>
        public static Partition Read(ref KafkaReader reader)
        {
            var partition = new Partition(reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32());
            reader.SkipTags();
            return partition;
        }
    }
}

/// <summary>Where leader epochs end.</summary>
public sealed record OffsetForLeaderEpochResponse(OffsetForLeaderEpochResponse.Topic[] Topics) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteThrottle();
        writer.WriteArray(Topics);
        writer.WriteNoTags();
    }

    /// <summary>The answers for one topic.</summary>
    public sealed record Topic(string Name, Partition[] Partitions) : IKafkaWritable
    {
        /// <inheritdoc/>
        public void Write(ref KafkaWriter writer)
        {
            writer.WriteString(Name);
            writer.WriteArray(Partitions);
            writer.WriteNoTags();
        }
    }

    /// <summary>The answer for one partition.</summary>
    /// <param name="Index">Its number.</param>
    /// <param name="Error">Why there is no answer, or none.</param>
    /// <param name="LeaderEpoch">Largest epoch known that is not newer than the one asked for, or -1.</param>
    /// <param name="EndOffset">Where that epoch ends, or -1.</param>
    public readonly record struct Partition(int Index, ErrorCode Error, int LeaderEpoch, long EndOffset) : IKafkaWritable
    {
        /// <inheritdoc/>
        public void Write(ref KafkaWriter writer)
        {
            writer.WriteError(Error);
            writer.WriteInt32(Index);
            writer.WriteInt32(LeaderEpoch);
            writer.WriteInt64(EndOffset);
            writer.WriteNoTags();
        }
    }
}
