using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Groups.Consumers;

/// <summary>What a ConsumerGroupHeartbeat must hold, whatever the group looks like.</summary>
internal static class HeartbeatRules
{
    /// <summary>Tells what is wrong with a request; the message is null when nothing is.</summary>
    public static (ErrorCode Error, string? Problem) Check(ConsumerGroupHeartbeatRequest request, short version)
    {
        if (MalformedBecause(request, version) is { } malformed)
        {
            return (ErrorCode.InvalidRequest, malformed);
        }

        if (request.ServerAssignor is { } assignor && ServerAssignors.Find(assignor) is null)
        {
            return (ErrorCode.UnsupportedAssignor, $"The assignor '{assignor}' is not known; there are {ServerAssignors.Names}.");
        }

        return request.SubscribedTopicRegex is { Length: > 0 } regex && TopicPattern.TryParse(regex, out string? problem) is null
            ? (ErrorCode.InvalidRegularExpression, $"The pattern '{regex}' cannot be used: {problem}.")
            : (ErrorCode.None, null);
    }

    private static string? MalformedBecause(ConsumerGroupHeartbeatRequest request, short version) =>
        string.IsNullOrWhiteSpace(request.GroupId) ? "GroupId must not be empty."
        : request.InstanceId is "" ? "InstanceId must not be empty."
        : request.RackId is "" ? "RackId must not be empty."
        : request.MemberEpoch < ConsumerGroupHeartbeatRequest.LeaveForNow ? $"There is no member epoch {request.MemberEpoch}."
        : request.MemberId.Length == 0 && (version >= 1 || !request.IsJoin) ? "MemberId must be given."
        : request.MemberEpoch == ConsumerGroupHeartbeatRequest.LeaveForNow && request.InstanceId is null ? "Only a static member, which has an InstanceId, can leave for now."
        : request.IsJoin ? MalformedJoin(request)
        : null;

    private static string? MalformedJoin(ConsumerGroupHeartbeatRequest request) =>
        request.RebalanceTimeoutMs < 0 ? "RebalanceTimeoutMs must be given when joining."
        : request.TopicPartitions is not { Count: 0 } ? "TopicPartitions must be empty when joining."
        : request.SubscribedTopicNames is null && request.SubscribedTopicRegex is null ? "SubscribedTopicNames or SubscribedTopicRegex must be given when joining."
        : null;
}
