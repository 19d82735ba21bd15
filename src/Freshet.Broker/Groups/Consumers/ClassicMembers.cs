using Freshet.Broker.Cluster;
using Freshet.Broker.Groups.Migration;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Groups.Consumers;

/// <summary>
/// What members of the classic protocol ask of a group of the consumer protocol, in which they live while an application changes from one
/// to the other. The server leads them like the others, but can only tell them to join again: their generation is their epoch, JoinGroup
/// says what they own, SyncGroup brings what they are to own. Nobody of them leads, and nobody waits for another.
/// </summary>
internal sealed class ClassicMembers(ConsumerGroup group, BrokerOptions options)
{
    // From here on a client asks for an id first, and joins with it.
    private const short FirstWithIdRequired = 4;

    public JoinGroupResponse Join(JoinGroupRequest request, short version, string clientId, string clientHost, ClusterView view)
    {
        EmbeddedSubscription? embedded = request.Protocols.Count > 0 ? EmbeddedSubscription.TryRead(request.Protocols[0].Metadata) : null;
        ErrorCode problem = ProblemOf(request, embedded, out ConsumerMember? member);
        if (problem != ErrorCode.None || embedded is null)
        {
            return JoinGroupResponse.Refused(problem, request.MemberId);
        }

        string id = request.MemberId.Length > 0 ? request.MemberId : $"{request.GroupInstanceId ?? clientId}-{Guid.NewGuid():D}";
        if (request.MemberId.Length == 0 && request.GroupInstanceId is null && version >= FirstWithIdRequired)
        {
            return JoinGroupResponse.Refused(ErrorCode.MemberIdRequired, id);
        }

        member = member is null ? group.Members.Add(id) : member.Id == id ? member : group.Members.Replace(member, id);
        MemberSubscription before = member.Subscription;
        MemberSubscription after = before.After(request, embedded, clientId, clientHost);
        if (!after.IsSameAs(before))
        {
            group.Members.SetSubscription(member, after);
        }

        group.Target.Update(view, subscriptionsChanged: before == MemberSubscription.None || !after.WantsSameAs(before));
        group.Reconcile(member, EmbeddedPartitions.ToIds(embedded.Owned, view));
        group.Alive(member);
        member.Deadline = null;
        member.HasUntil(group.Now); // To ask for its assignment.
        return new JoinGroupResponse(
            ErrorCode.None, member.Place.Epoch, EmbeddedSubscription.ConsumerType, request.Protocols[0].Name, Leader: "", SkipAssignment: false, member.Id, []);
    }

    public SyncGroupResponse Sync(SyncGroupRequest request, ClusterView view)
    {
        ErrorCode error = Check(request.MemberId, request.GroupInstanceId, request.GenerationId, out ConsumerMember? member);
        if (error != ErrorCode.None)
        {
            return SyncGroupResponse.Refused(error);
        }

        ClassicMembership classic = member!.Subscription.Classic!;
        if ((request.ProtocolType is { } type && type != EmbeddedSubscription.ConsumerType) || (request.ProtocolName is { } name && name != classic.Favourite.Name))
        {
            return SyncGroupResponse.Refused(ErrorCode.InconsistentGroupProtocol);
        }

        // One that is to give partitions up has joined already, and learns here which.
        if (IsBehind(member) && member.Place.State != MemberState.UnrevokedPartitions)
        {
            member.HasUntil(group.Now);
            return SyncGroupResponse.Refused(ErrorCode.RebalanceInProgress);
        }

        member.Deadline = null;
        group.Alive(member);
        return new SyncGroupResponse(
            ErrorCode.None, EmbeddedSubscription.ConsumerType, classic.Favourite.Name, EmbeddedAssignment.Of(member.Place.Assigned.Keys, classic.EmbeddedVersion, view));
    }

    public ErrorCode Heartbeat(HeartbeatRequest request)
    {
        ErrorCode error = Check(request.MemberId, request.GroupInstanceId, request.GenerationId, out ConsumerMember? member);
        if (error != ErrorCode.None)
        {
            return error;
        }

        group.Alive(member!);
        if (!MustJoinAgain(member!))
        {
            return ErrorCode.None;
        }

        member!.HasUntil(group.Now);
        return ErrorCode.RebalanceInProgress;
    }

    private ErrorCode ProblemOf(JoinGroupRequest request, EmbeddedSubscription? embedded, out ConsumerMember? member)
    {
        member = request.GroupInstanceId is { } instance ? group.Members.FindInstance(instance) : group.Members.Find(request.MemberId);
        TimeSpan session = TimeSpan.FromMilliseconds(request.SessionTimeoutMs);
        return session < options.GroupMinSessionTimeout || session > options.GroupMaxSessionTimeout ? ErrorCode.InvalidSessionTimeout
            : embedded is null || request.ProtocolType != EmbeddedSubscription.ConsumerType || !SharesProtocol(request) ? ErrorCode.InconsistentGroupProtocol
            : member is null && group.Members.Count >= options.MaxGroupMembers ? ErrorCode.GroupMaxSizeReached
            : member is null && (embedded.Owned.Length > 0 || IsReturn(request)) ? ErrorCode.UnknownMemberId // It was removed, and must give up what it had.
            : member is null || !IsReturn(request) ? ErrorCode.None
            : member.Id != request.MemberId ? ErrorCode.FencedInstanceId
            : ErrorCode.None;
    }

    /// <summary>Whether a static member comes under an id that it had before.</summary>
    private static bool IsReturn(JoinGroupRequest request) => request.GroupInstanceId is not null && request.MemberId.Length > 0;

    /// <summary>Whether all members of the classic protocol know one of the request's assignors, so that they can be a classic group again.</summary>
    private bool SharesProtocol(JoinGroupRequest request) => request.Protocols.Any(protocol =>
        group.Members.All.All(member => IsSame(member, request) || member.Subscription.Classic?.Knows(protocol.Name) != false));

    private static bool IsSame(ConsumerMember member, JoinGroupRequest request) =>
        member.Id == request.MemberId || (request.GroupInstanceId is { } instance && member.Subscription.InstanceId == instance);

    private ErrorCode Check(string memberId, string? instanceId, int generation, out ConsumerMember? member)
    {
        member = instanceId is not null ? group.Members.FindInstance(instanceId) : group.Members.Find(memberId);
        return member is null ? ErrorCode.UnknownMemberId
            : member.Id != memberId ? ErrorCode.FencedInstanceId
            : member.Subscription.Classic is null ? ErrorCode.UnknownMemberId
            : member.Place.Epoch != generation ? ErrorCode.IllegalGeneration
            : ErrorCode.None;
    }

    private bool IsBehind(ConsumerMember member) => member.Place.Epoch < group.Target.Epoch;

    /// <summary>Whether there is something new for it: another target, partitions to give up, or all that it waited for.</summary>
    private bool MustJoinAgain(ConsumerMember member) =>
        IsBehind(member) || member.Place.State == MemberState.UnrevokedPartitions
        || (member.Place.State == MemberState.UnreleasedPartitions && !member.Target.Any(partition => group.Members.IsHeldByOther(partition, member)));
}
