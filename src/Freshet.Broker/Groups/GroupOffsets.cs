namespace Freshet.Broker.Groups;

/// <summary>How far a group has read.</summary>
internal sealed class GroupOffsets
{
    private readonly Dictionary<(string Topic, int Partition), CommittedOffset> _offsets = [];

    public bool IsEmpty => _offsets.Count == 0;

    public IEnumerable<KeyValuePair<(string Topic, int Partition), CommittedOffset>> All => _offsets;

    public CommittedOffset? Find(string topic, int partition) => _offsets.TryGetValue((topic, partition), out CommittedOffset offset) ? offset : null;

    public void Set(string topic, int partition, CommittedOffset offset) => _offsets[(topic, partition)] = offset;

    public void Remove(string topic, int partition) => _offsets.Remove((topic, partition));
}

/// <summary>A committed offset.</summary>
/// <param name="Offset">Next offset to read.</param>
/// <param name="LeaderEpoch">Epoch of the record before it, or -1.</param>
/// <param name="Metadata">The client's note.</param>
/// <param name="CommitTime">Milliseconds since 1970.</param>
internal readonly record struct CommittedOffset(long Offset, int LeaderEpoch, string Metadata, long CommitTime);
