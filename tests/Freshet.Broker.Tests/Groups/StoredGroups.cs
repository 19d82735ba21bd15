using Freshet.Broker.Groups;
using Freshet.Broker.Groups.Consumers;
using Freshet.Broker.Groups.Storage;

namespace Freshet.Broker.Tests.Groups;

/// <summary>The group "g" as it is read from what was stored.</summary>
internal static class StoredGroups
{
    public static Group Load(IEnumerable<GroupRecord> records, BrokerOptions options, TimeProvider time)
    {
        var group = new Group("g", options, time);
        foreach (GroupRecord record in records.Select(record => GroupRecord.Read(record.Key(), record.Value())!))
        {
            if (record is MembershipRecord classic)
            {
                group = new Group("g", options, time);
                classic.Membership?.Restore(group);
            }
            else
            {
                group.Conversion.Restore((ConsumerGroupRecord)record);
            }
        }

        return group;
    }
}
