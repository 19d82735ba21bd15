using Freshet.Broker.Partitions;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Groups;

/// <summary>The requests of the classic group protocol: a group comes to its generation by JoinGroup and SyncGroup, and heartbeats keep members in it.</summary>
internal sealed class ClassicGroups(GroupRegistry groups, GroupStore store, GroupLog log)
{
    public async ValueTask<JoinGroupResponse> JoinAsync(
        JoinGroupRequest request, short version, string clientId, string clientHost, CancellationToken cancellation)
    {
        Task<JoinGroupResponse>? joined = null;
        Group group;
        do
        {
            group = groups.FindOrAdd(request.GroupId);
            lock (group)
            {
                if (!group.IsDeleted)
                {
                    joined = Join(group, request, version, clientId, clientHost);
                }
            }
        }
        while (joined is null);

        await store.StoreIfChangedAsync(group).ConfigureAwait(false);
        return await joined.WaitAsync(cancellation).ConfigureAwait(false);
    }

    public async ValueTask<SyncGroupResponse> SyncAsync(SyncGroupRequest request, CancellationToken cancellation)
    {
        if (groups.Find(request.GroupId) is not { } group)
        {
            return SyncGroupResponse.Refused(ErrorCode.UnknownMemberId);
        }

        Task<SyncGroupResponse> synced;
        Membership? toStore;
        lock (group)
        {
            synced = group.Sync(request, out bool brought);
            toStore = brought ? Membership.Of(group, log.Now, request.Assignments) : null;
        }

        if (toStore is not null)
        {
            AppendResult stored = await log.AppendAsync(group.Id, [new MembershipRecord(group.Id, toStore)], CancellationToken.None).ConfigureAwait(false);
            lock (group)
            {
                if (stored.Error == ErrorCode.None)
                {
                    group.CompleteSync(toStore.Generation, request.Assignments);
                    group.StoredVersion = group.Version;
                }
                else
                {
                    group.FailSync(toStore.Generation, stored.Error);
                }
            }
        }

        return await synced.WaitAsync(cancellation).ConfigureAwait(false);
    }

    public ErrorCode Heartbeat(HeartbeatRequest request)
    {
        if (groups.Find(request.GroupId) is not { } group)
        {
            return ErrorCode.UnknownMemberId;
        }

        lock (group)
        {
            return group.Heartbeat(request);
        }
    }

    public async ValueTask<LeftMember[]> LeaveAsync(LeaveGroupRequest request)
    {
        if (groups.Find(request.GroupId) is not { } group)
        {
            return [.. request.Members.Select(member => new LeftMember(member.MemberId, member.GroupInstanceId, ErrorCode.UnknownMemberId))];
        }

        LeftMember[] left;
        lock (group)
        {
            left = [.. request.Members.Select(member => new LeftMember(
                member.MemberId, member.GroupInstanceId, group.Consumer?.Remove(member.MemberId, member.GroupInstanceId) ?? group.Leave(member)))];
        }

        await store.StoreIfChangedAsync(group).ConfigureAwait(false);
        return left;
    }

    /// <summary>Called under the group's lock.</summary>
    private Task<JoinGroupResponse> Join(Group group, JoinGroupRequest request, short version, string clientId, string clientHost)
    {
        if (!group.TryMakeClassic(out IReadOnlyList<GroupRecord> tombstones))
        {
            return Task.FromResult(JoinGroupResponse.Refused(ErrorCode.InconsistentGroupProtocol, request.MemberId));
        }

        if (tombstones.Count > 0)
        {
            // Nobody waits for it: should it get lost, the group is found empty and made classic again.
            _ = log.AppendAsync(group.Id, tombstones, CancellationToken.None).AsTask();
        }

        return group.Join(request, version, clientId, clientHost);
    }
}
