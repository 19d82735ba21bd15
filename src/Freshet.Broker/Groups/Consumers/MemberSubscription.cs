using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Groups.Consumers;

/// <summary>Who a member is and what it wants to read. Never changes; a heartbeat that says something new makes a new one.</summary>
/// <param name="TopicNames">Topics by name, sorted.</param>
/// <param name="TopicRegex">Pattern of topics; null for none.</param>
/// <param name="Assignor">Assignor it wishes for; null without a wish.</param>
internal sealed record MemberSubscription(
    string? InstanceId, string? RackId, string ClientId, string ClientHost, IReadOnlyList<string> TopicNames, string? TopicRegex, int RebalanceTimeoutMs, string? Assignor)
{
    /// <summary>The subscription of a member that has said nothing yet.</summary>
    public static MemberSubscription None { get; } = new(null, null, "", "", [], null, -1, null);

    /// <summary>What it is after a heartbeat, in which null means unchanged.</summary>
    public MemberSubscription After(ConsumerGroupHeartbeatRequest request, string clientId, string clientHost) => new(
        request.InstanceId ?? InstanceId, request.RackId ?? RackId, clientId, clientHost,
        request.SubscribedTopicNames is { } names ? [.. names.Distinct().Order(StringComparer.Ordinal)] : TopicNames,
        request.SubscribedTopicRegex is { } regex ? (regex.Length == 0 ? null : regex) : TopicRegex,
        request.RebalanceTimeoutMs == -1 ? RebalanceTimeoutMs : request.RebalanceTimeoutMs, request.ServerAssignor ?? Assignor);

    /// <summary>Whether nothing is different.</summary>
    public bool IsSameAs(MemberSubscription other) => TopicNames.SequenceEqual(other.TopicNames) && this == other with { TopicNames = TopicNames };

    /// <summary>Whether the same partitions would be dealt out to it.</summary>
    public bool WantsSameAs(MemberSubscription other) =>
        TopicNames.SequenceEqual(other.TopicNames) && TopicRegex == other.TopicRegex && Assignor == other.Assignor && RackId == other.RackId;
}
