namespace Freshet.Protocol.Kafka.Messages;

/// <summary>Reads record batches (Kafka protocol, Fetch, versions 4 to 18).</summary>
/// <param name="MaxWaitMs">Longest wait for <paramref name="MinBytes"/>.</param>
/// <param name="MinBytes">Bytes worth answering for.</param>
/// <param name="MaxBytes">Most bytes of records in the answer; the first batch comes whole even if larger.</param>
/// <param name="IsReadCommitted">Whether records of open and aborted transactions are hidden.</param>
/// <param name="SessionId">Fetch session, 0 for none.</param>
/// <param name="SessionEpoch">0 begins a session, -1 ends or does without one; above, the request lists only what changed in it.</param>
/// <param name="Topics">What to read.</param>
/// <param name="Forgotten">What the session reads no more.</param>
public sealed record FetchRequest(
    int MaxWaitMs, int MinBytes, int MaxBytes, bool IsReadCommitted, int SessionId, int SessionEpoch, FetchRequest.Topic[] Topics, FetchRequest.ForgottenTopic[] Forgotten)
    : IKafkaReadable<FetchRequest>
{
    private const short FirstWithLogStart = 5;
    private const short FirstWithSessions = 7;
    private const short FirstWithLeaderEpoch = 9;
    private const short FirstWithRack = 11;
    private const short FirstWithFetchedEpoch = 12;
    private const short FirstWithReplicaStateAsTag = 15;

    /// <summary>First version that names topics by their id.</summary>
    public const short FirstWithTopicIds = 13;

    /// <summary>Session epoch of a request without a session.</summary>
    public const int NoSession = -1;

    /// <inheritdoc/>
    public static FetchRequest Read(ref KafkaReader reader)
    {
        if (reader.Version < FirstWithReplicaStateAsTag)
        {
            reader.ReadInt32(); // Replica id: brokers do not replicate by this request.
        }

        int maxWait = reader.ReadInt32();
        int minBytes = reader.ReadInt32();
        int maxBytes = reader.ReadInt32();
        bool isReadCommitted = reader.ReadInt8() == 1;
        bool hasSession = reader.Version >= FirstWithSessions;
        var request = new FetchRequest(
            maxWait, minBytes, maxBytes, isReadCommitted,
            hasSession ? reader.ReadInt32() : 0, hasSession ? reader.ReadInt32() : NoSession,
            reader.ReadArray<Topic>(), hasSession ? reader.ReadArray<ForgottenTopic>() : []);

        if (reader.Version >= FirstWithRack)
        {
            reader.ReadString(); // Rack: there are no followers to prefer.
        }

        reader.SkipTags();
        return request;
    }

    /// <summary>What to read of one topic.</summary>
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

    /// <summary>What to read of one partition.</summary>
    /// <param name="Index">Its number.</param>
    /// <param name="CurrentLeaderEpoch">Leader epoch the client knows, or -1.</param>
    /// <param name="FetchOffset">Offset to read from.</param>
    /// <param name="LastFetchedEpoch">Leader epoch of the last record the reader has, or -1.</param>
    /// <param name="MaxBytes">Most bytes of this partition.</param>
    public readonly record struct Partition(int Index, int CurrentLeaderEpoch, long FetchOffset, int LastFetchedEpoch, int MaxBytes) : IKafkaReadable<Partition>
    {
        /// <inheritdoc/>
        public static Partition Read(ref KafkaReader reader)
        {
            int index = reader.ReadInt32();
            int leaderEpoch = reader.Version >= FirstWithLeaderEpoch ? reader.ReadInt32() : -1;
            long offset = reader.ReadInt64();
            int lastFetchedEpoch = reader.Version >= FirstWithFetchedEpoch ? reader.ReadInt32() : -1;
            if (reader.Version >= FirstWithLogStart)
            {
                reader.ReadInt64(); // A follower's log start.
            }

            var partition = new Partition(index, leaderEpoch, offset, lastFetchedEpoch, reader.ReadInt32());
            reader.SkipTags();
            return partition;
        }
    }

    /// <summary>Partitions that a session reads no more.</summary>
    /// <param name="Name">The topic's name; null from <see cref="FirstWithTopicIds"/> on.</param>
    /// <param name="Id">The topic's id; empty before.</param>
    /// <param name="Partitions">The partitions' numbers.</param>
    public sealed record ForgottenTopic(string? Name, Guid Id, int[] Partitions) : IKafkaReadable<ForgottenTopic>
    {
        /// <inheritdoc/>
        public static ForgottenTopic Read(ref KafkaReader reader)
        {
            bool byId = reader.Version >= FirstWithTopicIds;
            var topic = new ForgottenTopic(byId ? null : reader.ReadString(), byId ? reader.ReadUuid() : Guid.Empty, reader.ReadInt32Array());
            reader.SkipTags();
            return topic;
        }
    }
}
