using Freshet.Broker.Groups.Migration;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Groups.Consumers;

/// <summary>Who a member is and what it wants to read. Never changes; a request that says something new makes a new one.</summary>
/// <param name="TopicNames">Topics by name, sorted.</param>
/// <param name="TopicRegex">Pattern of topics; null for none.</param>
/// <param name="Assignor">Assignor it wishes for; null without a wish.</param>
/// <param name="Classic">What a member of the classic protocol has besides; null for one of the consumer protocol.</param>
internal sealed record MemberSubscription(
    string? InstanceId, string? RackId, string ClientId, string ClientHost, IReadOnlyList<string> TopicNames, string? TopicRegex, int RebalanceTimeoutMs, string? Assignor,
    ClassicMembership? Classic = null)
{
    /// <summary>The subscription of a member that has said nothing yet.</summary>
    public static MemberSubscription None { get; } = new(null, null, "", "", [], null, -1, null);

    /// <summary>What it is after a heartbeat, in which null means unchanged.</summary>
    public MemberSubscription After(ConsumerGroupHeartbeatRequest request, string clientId, string clientHost) => new(
        request.InstanceId ?? InstanceId, request.RackId ?? RackId, clientId, clientHost,
        request.SubscribedTopicNames is { } names ? Sorted(names) : TopicNames,
        request.SubscribedTopicRegex is { } regex ? (regex.Length == 0 ? null : regex) : TopicRegex,
        request.RebalanceTimeoutMs == -1 ? RebalanceTimeoutMs : request.RebalanceTimeoutMs, request.ServerAssignor ?? Assignor);

    /// <summary>What it is after it has joined by the classic protocol.</summary>
    public MemberSubscription After(JoinGroupRequest request, EmbeddedSubscription embedded, string clientId, string clientHost) => new(
        request.GroupInstanceId ?? InstanceId, embedded.RackId ?? RackId, clientId, clientHost, Sorted(embedded.Topics), null, request.RebalanceTimeoutMs, null,
        new ClassicMembership(request.SessionTimeoutMs, request.Protocols));

    /// <summary>Whether nothing is different.</summary>
    public bool IsSameAs(MemberSubscription other) =>
        TopicNames.SequenceEqual(other.TopicNames) && (Classic?.IsSameAs(other.Classic) ?? other.Classic is null)
        && this == other with { TopicNames = TopicNames, Classic = Classic };

    /// <summary>Whether the same partitions would be dealt out to it.</summary>
    public bool WantsSameAs(MemberSubscription other) =>
        TopicNames.SequenceEqual(other.TopicNames) && TopicRegex == other.TopicRegex && Assignor == other.Assignor && RackId == other.RackId;

    private static string[] Sorted(IEnumerable<string> topics) => [.. topics.Distinct().Order(StringComparer.Ordinal)];
}
