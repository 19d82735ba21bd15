namespace Freshet.Streams.Kafka;

/// <summary>A record as it stands in a topic. Key and value belong to whoever decodes it.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Partition">The partition within the topic.</param>
/// <param name="Offset">The record's place within the partition.</param>
/// <param name="Timestamp">When it was made or appended, as the topic is configured; <see cref="DateTimeOffset.UnixEpoch"/> when the record has none.</param>
/// <param name="Key">The key; null when the record has none.</param>
/// <param name="Value">The value; null for a tombstone.</param>
public readonly record struct KafkaRecord(string Topic, int Partition, long Offset, DateTimeOffset Timestamp, byte[]? Key, byte[]? Value);

/// <summary>Makes a tuple of a record. Called on a thread of the spout's own, one record at a time for each task.</summary>
/// <typeparam name="T">The tuples.</typeparam>
public delegate T KafkaDecoder<out T>(in KafkaRecord record);
