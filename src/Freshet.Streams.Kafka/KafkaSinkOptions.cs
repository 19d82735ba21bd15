using Confluent.Kafka;

namespace Freshet.Streams.Kafka;

/// <summary>What a <see cref="KafkaSink{T}"/> writes and how.</summary>
/// <typeparam name="T">The tuples.</typeparam>
public sealed class KafkaSinkOptions<T>
{
    /// <summary>The brokers to ask first, as <c>host:port,...</c>.</summary>
    public required string BootstrapServers { get; init; }

    /// <summary>The topic.</summary>
    public required string Topic { get; init; }

    /// <summary>Makes the value of a tuple's record; null makes a tombstone.</summary>
    public required Func<T, byte[]?> Value { get; init; }

    /// <summary>Makes the key of a tuple's record; without it records have no key. Records with the same key go to the same partition.</summary>
    public Func<T, byte[]?>? Key { get; init; }

    /// <summary>Time of a tuple's record; the time of sending when null.</summary>
    public Func<T, DateTimeOffset>? Timestamp { get; init; }

    /// <summary>Sets anything else of the client, such as security or compression. Called last.</summary>
    public Action<ProducerConfig>? Configure { get; init; }

    internal ProducerConfig ToProducerConfig()
    {
        var config = new ProducerConfig
        {
            BootstrapServers = BootstrapServers,
            // A retry then neither repeats nor reorders records. Only a restart from a checkpoint can repeat some.
            EnableIdempotence = true,
            Acks = Acks.All,
            // The partition that a Java producer would choose for the key.
            Partitioner = Partitioner.Murmur2Random,
        };
        Configure?.Invoke(config);
        return config;
    }
}
