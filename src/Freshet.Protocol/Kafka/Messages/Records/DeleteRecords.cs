namespace Freshet.Protocol.Kafka.Messages;

/// <summary>Moves the start of partitions forward (Kafka protocol, DeleteRecords, versions 0 to 2).</summary>
public sealed record DeleteRecordsRequest(DeleteRecordsRequest.Topic[] Topics) : IKafkaReadable<DeleteRecordsRequest>
{
    /// <inheritdoc/>
    public static DeleteRecordsRequest Read(ref KafkaReader reader)
    {
        var request = new DeleteRecordsRequest(reader.ReadArray<Topic>());
        reader.ReadInt32(); // Longest wait for the replicas, of which there is one.
        reader.SkipTags();
        return request;
    }

    /// <summary>What to delete of one topic.</summary>
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

    /// <summary>What to delete of one partition.</summary>
    /// <param name="Index">Its number.</param>
    /// <param name="Offset">First offset to keep, or <see cref="AllVisible"/>.</param>
    public readonly record struct Partition(int Index, long Offset) : IKafkaReadable<Partition>
    {
        /// <summary>Deletes all that consumers can see.</summary>
        public const long AllVisible = -1;

        /// <inheritdoc/>
        public static Partition Read(ref KafkaReader reader)
        {
            var partition = new Partition(reader.ReadInt32(), reader.ReadInt64());
            reader.SkipTags();
            return partition;
        }
    }
}

/// <summary>Where the partitions start now.</summary>
public sealed record DeleteRecordsResponse(DeleteRecordsResponse.Topic[] Topics) : IKafkaWritable
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
    /// <param name="LowWatermark">First offset that can be read, or -1.</param>
    /// <param name="Error">Why nothing was deleted, or none.</param>
    public readonly record struct Partition(int Index, long LowWatermark, ErrorCode Error) : IKafkaWritable
    {
        /// <inheritdoc/>
        public void Write(ref KafkaWriter writer)
        {
            writer.WriteInt32(Index);
            writer.WriteInt64(LowWatermark);
            writer.WriteError(Error);
            writer.WriteNoTags();
        }
    }
}
