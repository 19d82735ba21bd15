using Freshet.Broker.Partitions.Batches;
using Freshet.Protocol.Kafka;

namespace Freshet.Broker.Groups.Storage;

/// <summary>Stores what changes in groups. What must be stored is stored before anybody is told.</summary>
internal sealed class GroupStore(GroupRegistry groups, GroupLog log)
{
    /// <summary>Stores what has changed in a group. Called under the group's lock, so that the records keep their order.</summary>
    public ValueTask<ErrorCode> StoreChangesAsync(Group group)
    {
        Membership? membership = null;
        if (group.Consumer is null && group.Version != group.StoredVersion && group.State is GroupState.Empty or GroupState.Stable)
        {
            group.StoredVersion = group.Version;
            membership = group.Generation > 0 ? Membership.Of(group, log.Now) : null;
        }

        return StoreChangesAsync(group, membership);
    }

    /// <summary>Stores what has changed in a group, and then its classic members as they are now. Called under the group's lock.</summary>
    public async ValueTask<ErrorCode> StoreChangesAsync(Group group, Membership? membership)
    {
        // All that changes a group comes through here, even if there is nothing to store.
        groups.WakeUnlessAtRest(group);
        IReadOnlyList<GroupRecord> changes = group.Changes.Take();
        if (changes.Count == 0 && membership is null)
        {
            return ErrorCode.None;
        }

        GroupRecord[] members = membership is null ? [] : [new MembershipRecord(group.Id, membership)];
        AppendResult stored = await log.AppendAsync(group.Id, [.. changes, .. members], CancellationToken.None).ConfigureAwait(false);
        if (stored.Error != ErrorCode.None)
        {
            lock (group)
            {
                group.Changes.PutBack(changes);
                groups.WakeUnlessAtRest(group);
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
        ValueTask<ErrorCode> storing;
        lock (group)
        {
            storing = group.IsDeleted ? default : StoreChangesAsync(group);
        }

        await storing.ConfigureAwait(false);
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
