using Confluent.Kafka;

namespace Freshet.Streams.Kafka;

/// <summary>Where a <see cref="KafkaSpout{T}"/> starts when no checkpoint says where to go on.</summary>
public enum KafkaStart
{
    /// <summary>At the oldest record the topic still holds.</summary>
    Earliest,

    /// <summary>Behind the newest record at the time of the start.</summary>
    Latest,

    /// <summary>Where the group's committed offsets stand; at the oldest record where there are none. Needs <see cref="KafkaSpoutOptions{T}.GroupId"/>.</summary>
    Committed,
}

/// <summary>What a <see cref="KafkaSpout{T}"/> reads and how.</summary>
/// <typeparam name="T">The tuples.</typeparam>
public sealed class KafkaSpoutOptions<T>
{
    /// <summary>The brokers to ask first, as <c>host:port,...</c>.</summary>
    public required string BootstrapServers { get; init; }

    /// <summary>The topic. It must exist when the topology starts; partitions added later are read after a restart.</summary>
    public required string Topic { get; init; }

    /// <summary>Makes a tuple of a record.</summary>
    public required KafkaDecoder<T> Decoder { get; init; }

    /// <summary>Where to start when no checkpoint says where to go on.</summary>
    public KafkaStart Start { get; init; } = KafkaStart.Earliest;

    /// <summary>
    /// Group under which offsets are committed after each checkpoint, so that tools can show the lag; none when null. The group decides nothing:
    /// partitions are divided by task number, and the checkpoint knows the positions.
    /// </summary>
    public string? GroupId { get; init; }

    /// <summary>Whether the input ends with what the topic holds when the topology starts for the first time. A restart keeps that end.</summary>
    public bool IsBounded { get; init; }

    /// <summary>Takes records whose decoder threw, which are then skipped. When null, such a record fails the topology.</summary>
    public Action<KafkaRecord, Exception>? OnUndecodable { get; init; }

    /// <summary>Longest wait for the brokers when the topology starts.</summary>
    public TimeSpan OpenTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Sets anything else of the client, such as security. Called last; positions and commits stay with the spout.</summary>
    public Action<ConsumerConfig>? Configure { get; init; }

    internal ConsumerConfig ToConsumerConfig()
    {
        var config = new ConsumerConfig
        {
            BootstrapServers = BootstrapServers,
            // The client wants a name even from those who neither join nor commit.
            GroupId = GroupId ?? "freshet-streams",
            // 64 MB, the client's own default, for each task is much; a quarter keeps the reader fed.
            QueuedMaxMessagesKbytes = 16 * 1024,
        };
        Configure?.Invoke(config);
        config.EnableAutoCommit = false;
        config.EnableAutoOffsetStore = false;
        config.EnablePartitionEof = IsBounded;
        // Records that are gone must not be skipped in silence: the run fails and somebody decides.
        config.AutoOffsetReset = AutoOffsetReset.Error;
        return config;
    }

    internal void Validate()
    {
        if (Start == KafkaStart.Committed && GroupId is null)
        {
            throw new ArgumentException($"{nameof(KafkaStart)}.{nameof(KafkaStart.Committed)} needs a {nameof(GroupId)}: offsets are committed for a group.");
        }
    }
}
