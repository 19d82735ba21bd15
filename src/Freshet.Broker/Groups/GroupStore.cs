using Freshet.Broker.Partitions;
using Freshet.Broker.Groups.Consumers;
using Freshet.Protocol.Kafka;

namespace Freshet.Broker.Groups;

/// <summary>Stores what changes in groups. What must be stored is stored before anybody is told.</summary>
internal sealed class GroupStore(GroupRegistry groups, GroupLog log)
{
    /// <summary>Stores what has changed in a group of the consumer protocol. Called under the group's lock, so that the records keep their order.</summary>
    public async ValueTask<ErrorCode> StoreMembersAsync(Group group, ConsumerGroup consumer)
    {
        IReadOnlyList<GroupRecord> changes = consumer.TakeChanges();
        if (changes.Count == 0)
        {
            return ErrorCode.None;
        }

        AppendResult stored = await log.AppendAsync(group.Id, changes, CancellationToken.None).ConfigureAwait(false);
        if (stored.Error != ErrorCode.None)
        {
            lock (group)
            {
                consumer.PutBack(changes);
            }
        }

        return stored.Error;
    }

    /// <summary>Stores offsets, then lets them be seen.</summary>
    public async ValueTask<ErrorCode> StoreOffsetsAsync(Group group, IReadOnlyList<OffsetRecord> offsets)
    {
        // Not given up half-way: what is stored must be seen.
        AppendResult stored = await log.AppendAsync(group.Id, offsets, CancellationToken.None).ConfigureAwait(false);
        lock (group)
        {
            for (int index = 0; stored.Error == ErrorCode.None && index < offsets.Count; index++)
            {
                group.Offsets.Apply(offsets[index], stored.BaseOffset + index);
            }
        }

        return stored.Error;
    }

    /// <summary>Stores changes that nobody waits for: that a group is empty, or that a static member has a new id.</summary>
    public async ValueTask StoreIfChangedAsync(Group group)
    {
        Membership? toStore = null;
        ValueTask<ErrorCode> storing = default;
        lock (group)
        {
            if (group is { Consumer: { } consumer, IsDeleted: false })
            {
                storing = StoreMembersAsync(group, consumer);
            }
            else if (group.Version != group.StoredVersion && group.State is GroupState.Empty or GroupState.Stable && !group.IsDeleted)
            {
                group.StoredVersion = group.Version;
                toStore = group.Generation > 0 ? Membership.Of(group, log.Now) : null;
            }
        }

        await storing.ConfigureAwait(false);
        if (toStore is not null)
        {
            await log.AppendAsync(group.Id, [new MembershipRecord(group.Id, toStore)], CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>Deletes a group and all that is stored of it. Called under the group's lock.</summary>
    public ValueTask<AppendResult> DeleteAsync(Group group, CancellationToken cancellation)
    {
        group.IsDeleted = true;
        groups.Remove(group);
        return log.AppendAsync(
            group.Id,
            [
                .. group.Offsets.All.Select(entry => new OffsetRecord(group.Id, entry.Key.Topic, entry.Key.Partition, null)),
                .. group.Consumer?.Tombstones() ?? [new MembershipRecord(group.Id, null)],
            ],
            cancellation);
    }
}
