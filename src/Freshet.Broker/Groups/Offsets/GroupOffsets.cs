using Freshet.Broker.Groups.Storage;

namespace Freshet.Broker.Groups.Offsets;

/// <summary>How far a group has read.</summary>
internal sealed class GroupOffsets
{
    private readonly Dictionary<(string Topic, int Partition), CommittedOffset> _offsets = [];
    private readonly Dictionary<(string Topic, int Partition), long> _places = [];

    private readonly Dictionary<long, Dictionary<(string Topic, int Partition), (OffsetRecord Record, long Place)>> _pending = [];

    public bool IsEmpty => _offsets.Count == 0 && !HasPending;

    /// <summary>Whether a transaction holds offsets that are not committed yet.</summary>
    public bool HasPending => _pending.Count > 0;

    public IEnumerable<KeyValuePair<(string Topic, int Partition), CommittedOffset>> All => _offsets;

    public CommittedOffset? Find(string topic, int partition) => _offsets.TryGetValue((topic, partition), out CommittedOffset offset) ? offset : null;

    /// <summary>Takes in a stored record.</summary>
    /// <param name="place">Its offset in the groups' topic: commits that end in another order than they were stored must not win.</param>
    public void Apply(OffsetRecord record, long place)
    {
        (string Topic, int Partition) key = (record.Topic, record.Partition);
        if (_places.TryGetValue(key, out long last) && last > place)
        {
            return;
        }

        _places[key] = place;
        if (record.Offset is { } offset)
        {
            _offsets[key] = offset;
        }
        else
        {
            _offsets.Remove(key);
        }
    }

    /// <summary>Whether a transaction that is open will change this offset, if it commits.</summary>
    public bool IsPending(string topic, int partition) =>
        _pending.Values.Any(records => records.ContainsKey((topic, partition)));

    /// <summary>Takes in a stored record of a producer's open transaction: it holds when the transaction commits.</summary>
    public void AddPending(long producerId, OffsetRecord record, long place)
    {
        if (!_pending.TryGetValue(producerId, out var records))
        {
            _pending.Add(producerId, records = []);
        }

        records[(record.Topic, record.Partition)] = (record, place);
    }

    /// <summary>A producer's transaction ended.</summary>
    public void EndTransaction(long producerId, bool commit)
    {
        if (_pending.Remove(producerId, out var records) && commit)
        {
            foreach ((OffsetRecord record, long place) in records.Values)
            {
                Apply(record, place);
            }
        }
    }

    /// <summary>Moves the offsets of an earlier state of the same group here.</summary>
    public void TakeOver(GroupOffsets earlier)
    {
        foreach ((var key, CommittedOffset offset) in earlier._offsets)
        {
            _offsets[key] = offset;
            _places[key] = earlier._places[key];
        }

        foreach ((long producerId, var records) in earlier._pending)
        {
            _pending[producerId] = records;
        }
    }
}

/// <summary>A committed offset.</summary>
/// <param name="Offset">Next offset to read.</param>
/// <param name="LeaderEpoch">Epoch of the record before it, or -1.</param>
/// <param name="Metadata">The client's note.</param>
/// <param name="CommitTime">Milliseconds since 1970.</param>
internal readonly record struct CommittedOffset(long Offset, int LeaderEpoch, string Metadata, long CommitTime);
