namespace Freshet.Broker.Groups.Consumers;

/// <summary>Records of one group that are to be stored, in order.</summary>
internal sealed class ConsumerGroupChanges
{
    private List<GroupRecord> _records = [];

    public void Add(GroupRecord record) => _records.Add(record);

    public void AddRange(IEnumerable<GroupRecord> records) => _records.AddRange(records);

    public IReadOnlyList<GroupRecord> Take()
    {
        List<GroupRecord> taken = _records;
        _records = taken.Count == 0 ? taken : [];
        return taken;
    }

    public void PutBack(IReadOnlyList<GroupRecord> records) => _records.InsertRange(0, records);

    /// <summary>Records that delete all that is stored of a member.</summary>
    public static IEnumerable<GroupRecord> TombstonesOf(string group, string member) =>
        [new PlaceRecord(group, member, null), new TargetRecord(group, member, null), new SubscriptionRecord(group, member, null)];
}
