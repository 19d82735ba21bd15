using Freshet.Broker.Groups.Consumers;
using Freshet.Broker.Groups.Offsets;
using Microsoft.Extensions.Logging;

namespace Freshet.Broker.Groups.Storage;

/// <summary>Reads the groups back from disk, before they serve anybody.</summary>
internal sealed class GroupLoader(GroupRegistry groups, GroupLog log, OffsetCommits commits, ILogger logger)
{
    /// <summary>Loads what is stored on this broker.</summary>
    public void LoadAll()
    {
        int partitions = 0;
        foreach (StoredGroupRecord stored in log.ReadAll())
        {
            partitions++;
            Load(stored);
        }

        foreach (Group nothing in groups.All.Where(group => group.IsNothing).ToArray())
        {
            groups.Remove(nothing);
        }

        BrokerLog.GroupsLoaded(logger, groups.Count, partitions);
    }

    private void Load(StoredGroupRecord stored)
    {
        if (stored.Record is ConsumerGroupRecord consumer)
        {
            groups.FindOrAdd(consumer.Group).Conversion.Restore(consumer);
        }
        else if (stored.Record is MembershipRecord membership)
        {
            // A later record replaces the group but not its offsets, so the offsets move over.
            Group? earlier = groups.Find(membership.Group);
            Group group = groups.Replace(membership.Group);
            if (earlier is not null)
            {
                group.Offsets.TakeOver(earlier.Offsets);
            }

            membership.Membership?.Restore(group);
        }
        else if (stored.Record is OffsetRecord offset)
        {
            GroupOffsets offsets = groups.FindOrAdd(offset.Group).Offsets;
            if (stored.ProducerId is { } producerId)
            {
                offsets.AddPending(producerId, offset, stored.Offset);
            }
            else
            {
                offsets.Apply(offset, stored.Offset);
            }
        }
        else if (stored is { Record: null, ProducerId: { } ended })
        {
            commits.EndTransaction(stored.Partition, ended, stored.IsCommit);
        }
    }
}
