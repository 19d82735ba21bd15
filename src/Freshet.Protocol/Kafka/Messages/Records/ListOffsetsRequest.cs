namespace Freshet.Protocol.Kafka.Messages;

/// <summary>Asks for offsets by time (Kafka protocol, ListOffsets, versions 1 to 11).</summary>
/// <param name="IsReadCommitted">Whether records of open transactions, and what follows them, do not count.</param>
/// <param name="Topics">What is asked.</param>
public sealed record ListOffsetsRequest(bool IsReadCommitted, ListOffsetsRequest.Topic[] Topics) : IKafkaReadable<ListOffsetsRequest>
{
    private const short FirstWithIsolation = 2;
    private const short FirstWithLeaderEpoch = 4;
    private const short FirstWithTimeout = 10;

    /// <inheritdoc/>
    public static ListOffsetsRequest Read(ref KafkaReader reader)
    {
        reader.ReadInt32(); // Replica id.
        bool isReadCommitted = reader.Version >= FirstWithIsolation && reader.ReadInt8() == 1;
        var request = new ListOffsetsRequest(isReadCommitted, reader.ReadArray<Topic>());
        if (reader.Version >= FirstWithTimeout)
        {
            reader.ReadInt32(); // Longest wait for tiered storage, which there is none of.
        }

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
    /// <param name="Timestamp">Milliseconds since 1970, or one of the special values.</param>
    public readonly record struct Partition(int Index, int CurrentLeaderEpoch, long Timestamp) : IKafkaReadable<Partition>
    {
        /// <summary>Asks for the offset that the next record gets.</summary>
        public const long Latest = -1;

        /// <summary>Asks for the first offset.</summary>
        public const long Earliest = -2;

        /// <summary>Asks for the record with the largest timestamp.</summary>
        public const long LargestTimestamp = -3;

        /// <summary>Asks for the first offset on the broker's own disk.</summary>
        public const long EarliestLocal = -4;

        /// <summary>Asks for the last offset in tiered storage.</summary>
        public const long LatestTiered = -5;

        /// <summary>Asks for the first offset that tiered storage does not have yet.</summary>
        public const long EarliestPendingUpload = -6;

        /// <inheritdoc/>
        public static Partition Read(ref KafkaReader reader)
        {
            int index = reader.ReadInt32();
            int leaderEpoch = reader.Version >= FirstWithLeaderEpoch ? reader.ReadInt32() : -1;
            var partition = new Partition(index, leaderEpoch, reader.ReadInt64());
            reader.SkipTags();
            return partition;
        }
    }
}
