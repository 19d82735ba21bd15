using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Groups.Classic;

/// <summary>How clients become members of a group, or members again, under the classic protocol.</summary>
internal sealed class Joining(Group group, Rebalance rebalance, BrokerOptions options)
{
    public Task<JoinGroupResponse> Join(JoinGroupRequest request, short version, string clientId, string clientHost)
    {
        if (ProblemOf(request) is var problem and not ErrorCode.None)
        {
            return Refused(problem, request.MemberId);
        }

        if (request.MemberId.Length == 0)
        {
            return request.GroupInstanceId is not null
                ? JoinStatic(request, version, clientId, clientHost)
                : JoinNew(request, version, clientId, clientHost);
        }

        if (group.Members.TakePending(request.MemberId))
        {
            return Add(request.MemberId, request, clientId, clientHost);
        }

        ErrorCode known = group.Members.Check(request.MemberId, request.GroupInstanceId, out GroupMember? member);
        return known == ErrorCode.None ? Rejoin(member!, request) : Refused(known, request.MemberId);
    }

    private ErrorCode ProblemOf(JoinGroupRequest request)
    {
        TimeSpan session = TimeSpan.FromMilliseconds(request.SessionTimeoutMs);
        return session < options.GroupMinSessionTimeout || session > options.GroupMaxSessionTimeout ? ErrorCode.InvalidSessionTimeout
            : request.ProtocolType.Length == 0 || request.Protocols.Count == 0 ? ErrorCode.InconsistentGroupProtocol
            : !group.Members.IsEmpty && (request.ProtocolType != group.ProtocolType || !group.Members.ShareProtocolWith(request)) ? ErrorCode.InconsistentGroupProtocol
            : ErrorCode.None;
    }

    private Task<JoinGroupResponse> JoinNew(JoinGroupRequest request, short version, string clientId, string clientHost)
    {
        if (group.Members.Count >= options.MaxGroupMembers)
        {
            return Refused(ErrorCode.GroupMaxSizeReached, "");
        }

        string id = $"{clientId}-{Guid.NewGuid():D}";
        if (version < 4)
        {
            return Add(id, request, clientId, clientHost);
        }

        // The client joins again with this id, so that a member whose answer was lost is not counted twice.
        group.Members.AddPending(id, group.Now + TimeSpan.FromMilliseconds(request.SessionTimeoutMs));
        return Refused(ErrorCode.MemberIdRequired, id);
    }

    private Task<JoinGroupResponse> JoinStatic(JoinGroupRequest request, short version, string clientId, string clientHost)
    {
        string id = $"{request.GroupInstanceId}-{Guid.NewGuid():D}";
        if (group.Members.FindInstance(request.GroupInstanceId!) is not { } member)
        {
            return group.Members.Count >= options.MaxGroupMembers ? Refused(ErrorCode.GroupMaxSizeReached, "") : Add(id, request, clientId, clientHost);
        }

        string oldId = member.Id;
        bool isLeader = oldId == group.LeaderId;
        bool unchanged = group.State == GroupState.Stable && member.IsUnchangedBy(request);
        group.Members.Replace(member, id);
        group.LeaderId = isLeader ? id : group.LeaderId;
        member.Update(request);
        member.Alive(group.Now);
        group.Version++;
        if (!unchanged)
        {
            return JoinAgain(member);
        }

        JoinGroupResponse place = group.PlaceOf(member, skipAssignment: isLeader && version >= 9);
        // An older client that leads would assign anew: it is told of its old self as the leader, and so only takes its assignment.
        return Task.FromResult(isLeader && version < 9 ? place with { Leader = oldId, Members = [] } : place);
    }

    private Task<JoinGroupResponse> Add(string id, JoinGroupRequest request, string clientId, string clientHost)
    {
        var member = new GroupMember(id, request, clientId, clientHost);
        member.Alive(group.Now);
        group.Members.Add(member);
        group.ProtocolType = request.ProtocolType;
        group.LeaderId ??= id;
        return JoinAgain(member);
    }

    private Task<JoinGroupResponse> Rejoin(GroupMember member, JoinGroupRequest request)
    {
        bool unchanged = member.IsUnchangedBy(request);
        bool settled = group.State == GroupState.CompletingRebalance || (group.State == GroupState.Stable && member.Id != group.LeaderId);
        member.Update(request);
        member.Alive(group.Now);
        return settled && unchanged ? Task.FromResult(group.PlaceOf(member)) : JoinAgain(member);
    }

    private Task<JoinGroupResponse> JoinAgain(GroupMember member)
    {
        Task<JoinGroupResponse> joined = member.WaitForJoin();
        if (group.State != GroupState.PreparingRebalance)
        {
            rebalance.Prepare();
        }
        else
        {
            rebalance.MemberArrived();
        }

        rebalance.TryComplete();
        return joined;
    }

    private static Task<JoinGroupResponse> Refused(ErrorCode error, string memberId) => Task.FromResult(JoinGroupResponse.Refused(error, memberId));
}
