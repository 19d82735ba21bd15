using Freshet.Broker.Cluster;
using Freshet.Broker.Groups;
using Freshet.Broker.Groups.Consumers;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Requests.Groups;

/// <summary>Tells the state and the members of groups of the consumer protocol (KIP-848).</summary>
internal sealed class ConsumerGroupDescribeHandler(GroupCoordinator groups, ClusterState cluster) : RequestHandler<ConsumerGroupDescribeRequest>
{
    public override ApiKey Key => ApiKey.ConsumerGroupDescribe;

    public override short MinVersion => 0;

    public override short MaxVersion => 1;

    protected override ValueTask<IKafkaWritable?> HandleAsync(ConsumerGroupDescribeRequest request, RequestContext context, CancellationToken cancellation) =>
        new(new ConsumerGroupDescribeResponse([.. request.Groups.Select(id => Describe(id, request.IncludesOperations, context))]));

    private DescribedConsumerGroup Describe(string id, bool operations, RequestContext context)
    {
        if (!context.AllowsGroup(AclOperation.Describe, id))
        {
            return Refused(id, ErrorCode.GroupAuthorizationFailed, $"Describing the group '{id}' is not allowed.");
        }

        DescribedConsumerGroup described = Describe(id, cluster.View);
        return operations ? described with { Operations = context.GroupOperations(id) } : described;
    }

    private DescribedConsumerGroup Describe(string id, ClusterView view)
    {
        if (groups.Check(id) is var error and not ErrorCode.None)
        {
            return Refused(id, error, null);
        }

        if (groups.Find(id) is not { } group)
        {
            return Refused(id, ErrorCode.GroupIdNotFound, $"There is no group '{id}'.");
        }

        lock (group)
        {
            return group.Consumer is not { } consumer
                ? Refused(id, ErrorCode.GroupIdNotFound, $"The group '{id}' is of the classic protocol.")
                : new DescribedConsumerGroup(
                    ErrorCode.None, null, id, group.StateName, consumer.Target.Epoch, consumer.Target.DealtEpoch, consumer.Target.Assignor.Name,
                    [.. consumer.Members.All.Select(member => Describe(member, view))]);
        }
    }

    private static DescribedConsumer Describe(ConsumerMember member, ClusterView view)
    {
        MemberSubscription subscription = member.Subscription;
        return new DescribedConsumer(
            member.Id, subscription.InstanceId, subscription.RackId, member.Place.Epoch, subscription.ClientId, subscription.ClientHost,
            subscription.TopicNames, subscription.TopicRegex, Describe(member.Place.Assigned.Keys, view), Describe(member.Target, view))
        {
            IsClassic = member.IsClassic,
        };
    }

    /// <summary>Topics deleted since are left out: they have no name any more.</summary>
    private static DescribedAssignment[] Describe(IEnumerable<TopicIdPartition> partitions, ClusterView view) =>
    [
        .. from topic in TopicIdPartition.ToTopics(partitions)
           let known = view.Find(topic.TopicId)
           where known is not null
           select new DescribedAssignment(topic.TopicId, known.Name, topic.Partitions),
    ];

    private static DescribedConsumerGroup Refused(string id, ErrorCode error, string? message) => new(error, message, id, "", 0, 0, "", []);
}
