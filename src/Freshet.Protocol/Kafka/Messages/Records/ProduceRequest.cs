namespace Freshet.Protocol.Kafka.Messages;

/// <summary>Appends record batches (Kafka protocol, Produce, versions 3 to 13).</summary>
/// <param name="TransactionalId">Name of the producer's transactions, or null.</param>
/// <param name="Acks">0: no answer; 1: after the leader has it; -1: after all replicas in sync have it.</param>
/// <param name="TimeoutMs">Longest wait for the replicas.</param>
/// <param name="Topics">What to append where.</param>
public sealed record ProduceRequest(string? TransactionalId, short Acks, int TimeoutMs, ProduceRequest.Topic[] Topics) : IKafkaReadable<ProduceRequest>
{
    /// <summary>First version that names topics by their id.</summary>
    public const short FirstWithTopicIds = 13;

    /// <inheritdoc/>
    public static ProduceRequest Read(ref KafkaReader reader)
    {
        var request = new ProduceRequest(reader.ReadNullableString(), reader.ReadInt16(), reader.ReadInt32(), reader.ReadArray<Topic>());
        reader.SkipTags();
        return request;
    }

    /// <summary>The batches for one topic.</summary>
    /// <param name="Name">Its name; null from <see cref="FirstWithTopicIds"/> on.</param>
    /// <param name="Id">Its id; empty before.</param>
    /// <param name="Partitions">Its partitions.</param>
    public sealed record Topic(string? Name, Guid Id, Partition[] Partitions) : IKafkaReadable<Topic>
    {
        /// <inheritdoc/>
        public static Topic Read(ref KafkaReader reader)
        {
            bool byId = reader.Version >= FirstWithTopicIds;
            var topic = new Topic(byId ? null : reader.ReadString(), byId ? reader.ReadUuid() : Guid.Empty, reader.ReadArray<Partition>());
            reader.SkipTags();
            return topic;
        }
    }

    /// <summary>The batch for one partition, as it lies in the request's frame.</summary>
    public readonly record struct Partition(int Index, Memory<byte>? Records) : IKafkaReadable<Partition>
    {
        /// <inheritdoc/>
        public static Partition Read(ref KafkaReader reader)
        {
            var partition = new Partition(reader.ReadInt32(), reader.ReadRecords());
            reader.SkipTags();
            return partition;
        }
    }
}
