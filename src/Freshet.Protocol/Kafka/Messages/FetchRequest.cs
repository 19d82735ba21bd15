namespace Freshet.Protocol.Kafka.Messages;

/// <summary>Reads record batches (Kafka protocol, Fetch, versions 4 to 12).</summary>
/// <param name="MaxWaitMs">Longest wait for <paramref name="MinBytes"/>.</param>
/// <param name="MinBytes">Bytes worth answering for.</param>
/// <param name="MaxBytes">Most bytes of records in the answer; the first batch comes whole even if larger.</param>
/// <param name="IsReadCommitted">Whether records of open and aborted transactions are hidden.</param>
/// <param name="SessionId">Fetch session, 0 for none.</param>
/// <param name="SessionEpoch">-1 or 0: a request that lists all its partitions.</param>
/// <param name="Topics">What to read.</param>
public sealed record FetchRequest(
    int MaxWaitMs, int MinBytes, int MaxBytes, bool IsReadCommitted, int SessionId, int SessionEpoch, FetchRequest.Topic[] Topics)
    : IKafkaReadable<FetchRequest>
{
    private const short FirstWithLogStart = 5;
    private const short FirstWithSessions = 7;
    private const short FirstWithLeaderEpoch = 9;
    private const short FirstWithRack = 11;
    private const short FirstWithFetchedEpoch = 12;

    /// <inheritdoc/>
    public static FetchRequest Read(ref KafkaReader reader)
    {
        reader.ReadInt32(); // Replica id: brokers do not replicate by this request.
        int maxWait = reader.ReadInt32();
        int minBytes = reader.ReadInt32();
        int maxBytes = reader.ReadInt32();
        bool isReadCommitted = reader.ReadInt8() == 1;
        bool hasSession = reader.Version >= FirstWithSessions;
        var request = new FetchRequest(
            maxWait, minBytes, maxBytes, isReadCommitted,
            hasSession ? reader.ReadInt32() : 0, hasSession ? reader.ReadInt32() : -1, reader.ReadArray<Topic>());
        if (hasSession)
        {
            reader.ReadArray<Forgotten>();
        }

        if (reader.Version >= FirstWithRack)
        {
            reader.ReadString(); // Rack: there are no followers to prefer.
        }

        reader.SkipTags();
        return request;
    }

    /// <summary>What to read of one topic.</summary>
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

    /// <summary>What to read of one partition.</summary>
    /// <param name="Index">Its number.</param>
    /// <param name="CurrentLeaderEpoch">Leader epoch the client knows, or -1.</param>
    /// <param name="FetchOffset">Offset to read from.</param>
    /// <param name="MaxBytes">Most bytes of this partition.</param>
    public readonly record struct Partition(int Index, int CurrentLeaderEpoch, long FetchOffset, int MaxBytes) : IKafkaReadable<Partition>
    {
        /// <inheritdoc/>
        public static Partition Read(ref KafkaReader reader)
        {
            int index = reader.ReadInt32();
            int leaderEpoch = reader.Version >= FirstWithLeaderEpoch ? reader.ReadInt32() : -1;
            long offset = reader.ReadInt64();
            if (reader.Version >= FirstWithFetchedEpoch)
            {
                reader.ReadInt32(); // Last fetched epoch, which only followers send.
            }

            if (reader.Version >= FirstWithLogStart)
            {
                reader.ReadInt64(); // A follower's log start.
            }

            var partition = new Partition(index, leaderEpoch, offset, reader.ReadInt32());
            reader.SkipTags();
            return partition;
        }
    }

    /// <summary>Partitions that a session drops; without sessions there is nothing to drop.</summary>
    private readonly record struct Forgotten : IKafkaReadable<Forgotten>
    {
        public static Forgotten Read(ref KafkaReader reader)
        {
            reader.ReadString();
            reader.ReadInt32Array();
            reader.SkipTags();
            return default;
        }
    }
}
