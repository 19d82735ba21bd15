namespace Freshet.Broker.Groups.Storage;

/// <summary>Records of one group that are to be stored, in order.</summary>
internal sealed class GroupChanges
{
    private List<GroupRecord> _records = [];

    public bool IsEmpty => _records.Count == 0;

    public void Add(GroupRecord record) => _records.Add(record);

    public void AddRange(IEnumerable<GroupRecord> records) => _records.AddRange(records);

    /// <summary>What has changed since the last call, to be stored together.</summary>
    public IReadOnlyList<GroupRecord> Take()
    {
        List<GroupRecord> taken = _records;
        _records = taken.Count == 0 ? taken : [];
        return taken;
    }

    /// <summary>The changes could not be stored: they come with the next ones.</summary>
    public void PutBack(IReadOnlyList<GroupRecord> records) => _records.InsertRange(0, records);
}
