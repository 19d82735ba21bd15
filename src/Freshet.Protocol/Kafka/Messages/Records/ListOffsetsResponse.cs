namespace Freshet.Protocol.Kafka.Messages;

/// <summary>Offsets by time (Kafka protocol, ListOffsets, versions 1 to 11).</summary>
public sealed record ListOffsetsResponse(ListOffsetsResponse.Topic[] Topics) : IKafkaWritable
{
    private const short FirstWithThrottleTime = 2;
    private const short FirstWithLeaderEpoch = 4;

    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        if (writer.Version >= FirstWithThrottleTime)
        {
            writer.WriteInt32(0);
        }

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
    /// <param name="Error">Why there is no answer, or none.</param>
    /// <param name="Timestamp">Time of the record found, or -1.</param>
    /// <param name="Offset">Its offset, or -1 when there is no such record.</param>
    /// <param name="LeaderEpoch">Leader epoch it was written in, or -1.</param>
    public readonly record struct Partition(int Index, ErrorCode Error, long Timestamp, long Offset, int LeaderEpoch)
    {
        internal void Write(ref KafkaWriter writer)
        {
            writer.WriteInt32(Index);
            writer.WriteError(Error);
            writer.WriteInt64(Timestamp);
            writer.WriteInt64(Offset);
            if (writer.Version >= FirstWithLeaderEpoch)
            {
                writer.WriteInt32(LeaderEpoch);
            }

            writer.WriteNoTags();
        }
    }
}
