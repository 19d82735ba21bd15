namespace Freshet.Streams.Kafka;

/// <summary>A record that was read: its tuple, or none when it was skipped or marks the end of the partition.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Next">The position behind it.</param>
/// <param name="HasTuple">Whether there is a tuple.</param>
/// <param name="Tuple">The tuple.</param>
internal readonly record struct Incoming<T>(int Partition, long Next, bool HasTuple, T Tuple);
