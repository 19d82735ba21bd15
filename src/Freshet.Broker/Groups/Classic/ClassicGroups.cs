using Freshet.Broker.Groups.Storage;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Groups.Classic;

/// <summary>The requests of the classic group protocol: a group comes to its generation by JoinGroup and SyncGroup, and heartbeats keep members in it.</summary>
internal sealed class ClassicGroups(GroupRegistry groups, GroupStore store, GroupLog log)
{
    public async ValueTask<JoinGroupResponse> JoinAsync(
        JoinGroupRequest request, short version, string clientId, string clientHost, CancellationToken cancellation)
    {
        while (true)
        {
            Group group = groups.FindOrAdd(request.GroupId);
            Task<JoinGroupResponse> joined;
            ValueTask<ErrorCode> storing;
            lock (group)
            {
                if (group.IsDeleted)
                {
                    continue;
                }

                joined = Join(group, request, version, clientId, clientHost);
                storing = store.StoreChangesAsync(group);
            }

            // Should a change of a classic group get lost, it is made and stored again; a member of the other protocol is told what is stored.
            ErrorCode stored = await storing.ConfigureAwait(false);
            return stored != ErrorCode.None && group.Consumer is not null
                ? JoinGroupResponse.Refused(ErrorCode.CoordinatorNotAvailable, request.MemberId)
                : await joined.WaitAsync(cancellation).ConfigureAwait(false);
        }
    }

    public async ValueTask<SyncGroupResponse> SyncAsync(SyncGroupRequest request, CancellationToken cancellation)
    {
        if (groups.Find(request.GroupId) is not { } group)
        {
            return SyncGroupResponse.Refused(ErrorCode.UnknownMemberId);
        }

        Task<SyncGroupResponse> synced;
        Membership? brought;
        ValueTask<ErrorCode> storing = default;
        lock (group)
        {
            if (group.Consumer is { } consumer)
            {
                return consumer.Classic.Sync(request, log.View);
            }

            synced = group.Sync(request, out bool isLeader);
            brought = isLeader ? Membership.Of(group, log.Now, request.Assignments) : null;
            storing = brought is null ? storing : store.StoreChangesAsync(group, brought);
        }

        if (brought is not null)
        {
            ErrorCode stored = await storing.ConfigureAwait(false);
            lock (group)
            {
                if (stored == ErrorCode.None)
                {
                    group.CompleteSync(brought.Generation, request.Assignments);
                }
                else
                {
                    group.FailSync(brought.Generation, stored);
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
            return group.Consumer is { } consumer ? consumer.Classic.Heartbeat(request) : group.Heartbeat(request);
        }
    }

    public async ValueTask<LeftMember[]> LeaveAsync(LeaveGroupRequest request)
    {
        if (groups.Find(request.GroupId) is not { } group)
        {
            return [.. request.Members.Select(member => new LeftMember(member.MemberId, member.GroupInstanceId, ErrorCode.UnknownMemberId))];
        }

        LeftMember[] left;
        ValueTask<ErrorCode> storing;
        lock (group)
        {
            left = [.. request.Members.Select(member => new LeftMember(
                member.MemberId, member.GroupInstanceId, group.Consumer?.Remove(member.MemberId, member.GroupInstanceId) ?? group.Leave(member)))];
            group.Conversion.DowngradeIfDue(log.View);
            storing = store.StoreChangesAsync(group);
        }

        await storing.ConfigureAwait(false);
        return left;
    }

    /// <summary>Called under the group's lock.</summary>
    private Task<JoinGroupResponse> Join(Group group, JoinGroupRequest request, short version, string clientId, string clientHost)
    {
        group.Conversion.ToClassicIfEmpty();
        if (group.Consumer is not { } consumer)
        {
            return group.Join(request, version, clientId, clientHost);
        }

        JoinGroupResponse joined = consumer.Classic.Join(request, version, clientId, clientHost, log.View);
        group.Conversion.DowngradeIfDue(log.View);
        return Task.FromResult(joined);
    }
}
