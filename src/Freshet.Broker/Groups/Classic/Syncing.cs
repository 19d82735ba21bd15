using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Groups.Classic;

/// <summary>How the members of a classic group get their assignments once they have joined: the leader brings them for all.</summary>
internal sealed class Syncing(Group group, Rebalance rebalance)
{
    /// <summary>
    /// A member asks for its assignment. When the leader brings the assignments, <paramref name="brought"/> holds them: they are
    /// to be stored, and then handed out by <see cref="Complete"/>.
    /// </summary>
    public Task<SyncGroupResponse> Sync(SyncGroupRequest request, out bool brought)
    {
        brought = false;
        ErrorCode error = group.CheckMember(request.MemberId, request.GroupInstanceId, request.GenerationId, out GroupMember? member);
        error = error != ErrorCode.None ? error
            : (request.ProtocolType is { } type && type != group.ProtocolType) || (request.ProtocolName is { } protocol && protocol != group.Protocol) ? ErrorCode.InconsistentGroupProtocol
            : group.State == GroupState.PreparingRebalance ? ErrorCode.RebalanceInProgress
            : ErrorCode.None;
        if (error != ErrorCode.None)
        {
            return Task.FromResult(SyncGroupResponse.Refused(error));
        }

        member!.Alive(group.Now);
        if (group.State == GroupState.Stable)
        {
            return Task.FromResult(AssignmentOf(member));
        }

        brought = member.Id == group.LeaderId;
        return member.WaitForSync();
    }

    /// <summary>Hands out the assignments that the leader brought and that are stored now.</summary>
    /// <param name="generation">Generation they were made for; if it is over, they are void.</param>
    public void Complete(int generation, IReadOnlyList<SyncGroupAssignment> assignments)
    {
        if (group.State != GroupState.CompletingRebalance || group.Generation != generation)
        {
            return;
        }

        group.SetAssignments(assignments);
        group.State = GroupState.Stable;
        group.StoredVersion = group.Version;
        foreach (GroupMember member in group.Members.All)
        {
            member.Alive(group.Now);
            member.Synced(AssignmentOf(member));
        }
    }

    /// <summary>The assignments could not be stored: everybody starts over.</summary>
    public void Fail(int generation, ErrorCode error)
    {
        if (group.State == GroupState.CompletingRebalance && group.Generation == generation)
        {
            foreach (GroupMember member in group.Members.All)
            {
                member.Synced(SyncGroupResponse.Refused(error));
            }

            rebalance.Prepare();
        }
    }

    private SyncGroupResponse AssignmentOf(GroupMember member) => new(ErrorCode.None, group.ProtocolType, group.Protocol, member.Assignment);
}
