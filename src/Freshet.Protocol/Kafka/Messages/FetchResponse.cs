using Freshet.Protocol.Kafka.Records;

namespace Freshet.Protocol.Kafka.Messages;

/// <summary>Record batches, as they are stored (Kafka protocol, Fetch, versions 4 to 12).</summary>
/// <param name="Error">A fault of the request as a whole, or none.</param>
/// <param name="IsReadCommitted">Whether aborted transactions are listed.</param>
/// <param name="Topics">What was read.</param>
public sealed record FetchResponse(ErrorCode Error, bool IsReadCommitted, FetchResponse.Topic[] Topics) : IKafkaWritable
{
    private const short FirstWithLogStart = 5;
    private const short FirstWithSessions = 7;
    private const short FirstWithReadReplica = 11;

    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteInt32(0); // Throttle time.
        if (writer.Version >= FirstWithSessions)
        {
            writer.WriteError(Error);
            writer.WriteInt32(0); // No session: every request lists its partitions.
        }

        writer.WriteLength(Topics.Length);
        foreach (Topic topic in Topics)
        {
            writer.WriteString(topic.Name);
            writer.WriteLength(topic.Partitions.Length);
            foreach (ref readonly Partition partition in topic.Partitions.AsSpan())
            {
                partition.Write(ref writer, IsReadCommitted);
            }

            writer.WriteNoTags();
        }

        writer.WriteNoTags();
    }

    /// <summary>What was read of one topic.</summary>
    public sealed record Topic(string Name, Partition[] Partitions);

    /// <summary>What was read of one partition.</summary>
    /// <param name="Index">Its number.</param>
    /// <param name="Error">Why nothing could be read, or none.</param>
    /// <param name="HighWatermark">Offset up to which consumers may read, or -1.</param>
    /// <param name="LogStartOffset">First offset there is, or -1.</param>
    /// <param name="Records">Whole batches, copied into the answer when it is written; null for none.</param>
    public readonly record struct Partition(int Index, ErrorCode Error, long HighWatermark, long LogStartOffset, IRecordSource? Records)
    {
        /// <summary>Longest piece asked of the output at once, so that its buffers come from a pool.</summary>
        private const int PieceSize = 512 * 1024;

        internal void Write(ref KafkaWriter writer, bool listAborted)
        {
            writer.WriteInt32(Index);
            writer.WriteError(Error);
            writer.WriteInt64(HighWatermark);
            writer.WriteInt64(HighWatermark); // Last stable offset: no transaction is ever open.
            if (writer.Version >= FirstWithLogStart)
            {
                writer.WriteInt64(LogStartOffset);
            }

            writer.WriteLength(listAborted ? 0 : -1);
            if (writer.Version >= FirstWithReadReplica)
            {
                writer.WriteInt32(-1);
            }

            WriteRecords(ref writer);
            writer.WriteNoTags();
        }

        private void WriteRecords(ref KafkaWriter writer)
        {
            int length = Records?.Length ?? 0;
            writer.WriteLength(length);
            for (int from = 0; from < length; from += PieceSize)
            {
                Records!.Read(from, writer.Take(Math.Min(length - from, PieceSize)));
            }
        }
    }
}
