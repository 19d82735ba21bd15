namespace Freshet.Broker.Cluster.Topics;

/// <summary>One topic of the cluster, as it stands in the coordination service. Never changes; a change makes a new one.</summary>
/// <param name="Replicas">Brokers that hold each partition, the preferred leader first; the index is the partition.</param>
/// <param name="Settings">Settings made on the topic.</param>
internal sealed record Topic(string Name, Guid Id, IReadOnlyList<IReadOnlyList<int>> Replicas, TopicSettings Settings)
{
    /// <summary>Topic that keeps groups and their offsets.</summary>
    public const string ConsumerOffsets = "__consumer_offsets";

    /// <summary>Topic that keeps transactions.</summary>
    public const string TransactionState = "__transaction_state";

    public bool IsInternal => IsInternalName(Name);

    public int PartitionCount => Replicas.Count;

    /// <summary>Whether only the broker writes to a topic of this name.</summary>
    public static bool IsInternalName(string name) => name is ConsumerOffsets or TransactionState;

    public bool HasReplica(int partition, int broker) => partition < Replicas.Count && Replicas[partition].Contains(broker);
}
