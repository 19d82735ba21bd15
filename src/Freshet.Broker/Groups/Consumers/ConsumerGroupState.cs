namespace Freshet.Broker.Groups.Consumers;

/// <summary>Where a group of the consumer protocol stands; the names are Kafka's.</summary>
internal enum ConsumerGroupState
{
    /// <summary>No members; offsets may remain.</summary>
    Empty,

    /// <summary>Something changed and the partitions are to be dealt out anew.</summary>
    Assigning,

    /// <summary>Members are on their way to their shares.</summary>
    Reconciling,

    /// <summary>Everybody has his share.</summary>
    Stable,
}
