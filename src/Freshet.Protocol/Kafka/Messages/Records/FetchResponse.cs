using Freshet.Protocol.Kafka.Records;

namespace Freshet.Protocol.Kafka.Messages;

/// <summary>Record batches, as they are stored (Kafka protocol, Fetch, versions 4 to 18).</summary>
/// <param name="Error">A fault of the request as a whole, or none.</param>
/// <param name="SessionId">Session that the client may go on with, or 0.</param>
/// <param name="IsReadCommitted">Whether aborted transactions are listed.</param>
/// <param name="Topics">What was read.</param>
public sealed record FetchResponse(ErrorCode Error, int SessionId, bool IsReadCommitted, FetchResponse.Topic[] Topics) : IKafkaWritable
{
    private const short FirstWithLogStart = 5;
    private const short FirstWithSessions = 7;
    private const short FirstWithReadReplica = 11;

    /// <summary>Bytes of records in it.</summary>
    public long RecordBytes
    {
        get
        {
            long bytes = 0;
            foreach (Topic topic in Topics)
            {
                foreach (ref readonly Partition partition in topic.Partitions.Span)
                {
                    bytes += partition.Records?.Length ?? 0;
                }
            }

            return bytes;
        }
    }

    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteThrottle();
        if (writer.Version >= FirstWithSessions)
        {
            writer.WriteError(Error);
            writer.WriteInt32(SessionId);
        }

        writer.WriteLength(Topics.Length);
        foreach (Topic topic in Topics)
        {
            if (writer.Version >= FetchRequest.FirstWithTopicIds)
            {
                writer.WriteUuid(topic.Id);
            }
            else
            {
                writer.WriteString(topic.Name ?? "");
            }

            writer.WriteLength(topic.Partitions.Length);
            foreach (ref readonly Partition partition in topic.Partitions.Span)
            {
                partition.Write(ref writer, IsReadCommitted);
            }

            writer.WriteNoTags();
        }

        writer.WriteNoTags();
    }

    /// <summary>What was read of one topic, under the name or id that the request used.</summary>
    public readonly record struct Topic(string? Name, Guid Id, ReadOnlyMemory<Partition> Partitions);

    /// <summary>The newest leader epoch that reader and log can share, when the reader's last one is not among the log's.</summary>
    /// <param name="Epoch">Largest epoch of the log that is not newer than the reader's.</param>
    /// <param name="EndOffset">Where that epoch ends.</param>
    public readonly record struct DivergingEpoch(int Epoch, long EndOffset);

    /// <summary>What was read of one partition.</summary>
    /// <param name="Index">Its number.</param>
    /// <param name="Error">Why nothing could be read, or none.</param>
    /// <param name="HighWatermark">Offset up to which consumers may read, or -1.</param>
    /// <param name="LastStableOffset">Offset up to which readers of committed data may read, or -1.</param>
    /// <param name="LogStartOffset">First offset there is, or -1.</param>
    /// <param name="Records">Whole batches, copied into the answer when it is written; null for none.</param>
    /// <param name="Diverging">Where the reader has to cut its copy, or null.</param>
    public readonly record struct Partition(
        int Index, ErrorCode Error, long HighWatermark, long LastStableOffset, long LogStartOffset, IRecordSource? Records, DivergingEpoch? Diverging = null)
    {
        /// <summary>Transactions whose records the reader leaves out; null for none, and for a reader of everything.</summary>
        public IReadOnlyList<AbortedTransaction>? Aborted { get; init; }

        internal void Write(ref KafkaWriter writer, bool listAborted)
        {
            writer.WriteInt32(Index);
            writer.WriteError(Error);
            writer.WriteInt64(HighWatermark);
            writer.WriteInt64(LastStableOffset);
            if (writer.Version >= FirstWithLogStart)
            {
                writer.WriteInt64(LogStartOffset);
            }

            WriteAborted(ref writer, listAborted);
            if (writer.Version >= FirstWithReadReplica)
            {
                writer.WriteInt32(-1);
            }

            writer.WriteRecords(Records);
            if (Diverging is { } diverging && writer.IsFlexible)
            {
                WriteDiverging(ref writer, diverging);
            }
            else
            {
                writer.WriteNoTags();
            }
        }

        private static void WriteDiverging(ref KafkaWriter writer, DivergingEpoch diverging)
        {
            const uint tag = 0;
            const uint size = sizeof(int) + sizeof(long) + 1;
            writer.WriteUnsignedVarint(1);
            writer.WriteUnsignedVarint(tag);
            writer.WriteUnsignedVarint(size);
            writer.WriteInt32(diverging.Epoch);
            writer.WriteInt64(diverging.EndOffset);
            writer.WriteNoTags();
        }

        private void WriteAborted(ref KafkaWriter writer, bool listAborted)
        {
            writer.WriteLength(listAborted ? Aborted?.Count ?? 0 : -1);
            for (int number = 0; listAborted && number < Aborted?.Count; number++)
            {
                Aborted[number].Write(ref writer);
            }
        }
    }

    /// <summary>A transaction that was aborted.</summary>
    /// <param name="ProducerId">Its producer.</param>
    /// <param name="FirstOffset">Offset of its first record.</param>
    public readonly record struct AbortedTransaction(long ProducerId, long FirstOffset) : IKafkaWritable
    {
        /// <inheritdoc/>
        public void Write(ref KafkaWriter writer)
        {
            writer.WriteInt64(ProducerId);
            writer.WriteInt64(FirstOffset);
            writer.WriteNoTags();
        }
    }
}
