namespace Freshet.Protocol.Kafka.Messages;

/// <summary>Says where the batches went (Kafka protocol, Produce, versions 3 to 13).</summary>
public sealed record ProduceResponse(ProduceResponse.Topic[] Topics) : IKafkaWritable
{
    private const short FirstWithLogStart = 5;
    private const short FirstWithMessages = 8;

    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteArray(Topics);
        writer.WriteThrottle();
        writer.WriteNoTags();
    }

    /// <summary>The answers for one topic.</summary>
    /// <param name="Name">Its name, as the request had it.</param>
    /// <param name="Id">Its id, as the request had it.</param>
    /// <param name="Partitions">Its partitions.</param>
    public sealed record Topic(string? Name, Guid Id, Partition[] Partitions) : IKafkaWritable
    {
        /// <inheritdoc/>
        public void Write(ref KafkaWriter writer)
        {
            if (writer.Version >= ProduceRequest.FirstWithTopicIds)
            {
                writer.WriteUuid(Id);
            }
            else
            {
                writer.WriteString(Name ?? "");
            }

            writer.WriteLength(Partitions.Length);
            foreach (ref readonly Partition partition in Partitions.AsSpan())
            {
                partition.Write(ref writer);
            }

            writer.WriteNoTags();
        }
    }

    /// <summary>The answer for one partition.</summary>
    /// <param name="Index">Its number.</param>
    /// <param name="Error">Why the batch was refused, or none.</param>
    /// <param name="BaseOffset">Offset of the first record, or -1.</param>
    /// <param name="LogAppendTimeMs">Time the broker gave the records, or -1 when they keep the producer's.</param>
    /// <param name="LogStartOffset">First offset of the partition, or -1.</param>
    /// <param name="ErrorMessage">Explains a refusal.</param>
    public readonly record struct Partition(
        int Index, ErrorCode Error, long BaseOffset, long LogAppendTimeMs, long LogStartOffset, string? ErrorMessage)
    {
        /// <summary>Places in the batch of the records that are to blame, or null when it is the batch as a whole.</summary>
        public IReadOnlyList<int>? BadRecords { get; init; }

        internal void Write(ref KafkaWriter writer)
        {
            writer.WriteInt32(Index);
            writer.WriteError(Error);
            writer.WriteInt64(BaseOffset);
            writer.WriteInt64(LogAppendTimeMs);
            if (writer.Version >= FirstWithLogStart)
            {
                writer.WriteInt64(LogStartOffset);
            }

            if (writer.Version >= FirstWithMessages)
            {
                WriteBadRecords(ref writer);
                writer.WriteString(ErrorMessage);
            }

            writer.WriteNoTags();
        }

        private void WriteBadRecords(ref KafkaWriter writer)
        {
            writer.WriteLength(BadRecords?.Count ?? 0);
            foreach (int number in BadRecords ?? [])
            {
                writer.WriteInt32(number);
                writer.WriteString(ErrorMessage);
                writer.WriteNoTags();
            }
        }
    }
}
