namespace Freshet.Broker.Groups.Storage;

/// <summary>What was read at one place of the topic of groups and offsets.</summary>
/// <param name="Partition">Partition of the topic.</param>
/// <param name="Offset">Offset in it.</param>
/// <param name="Record">The record; null at the end of a transaction.</param>
/// <param name="ProducerId">Producer of the transaction that it belongs to or ends; null outside of transactions.</param>
/// <param name="IsCommit">Whether the transaction that ends here committed.</param>
internal readonly record struct StoredGroupRecord(int Partition, long Offset, GroupRecord? Record, long? ProducerId, bool IsCommit = false);
