using Freshet.Broker.Access;
using Freshet.Broker.Groups;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Requests;

/// <summary>Asks whether the sender of a request may do what it asks. Ask before telling whether something exists.</summary>
internal static class RequestPermissions
{
    private static readonly AclOperation[] OnTopics =
    [
        AclOperation.Read, AclOperation.Write, AclOperation.Create, AclOperation.Delete, AclOperation.Alter, AclOperation.Describe,
        AclOperation.DescribeConfigs, AclOperation.AlterConfigs,
    ];

    private static readonly AclOperation[] OnGroups =
        [AclOperation.Read, AclOperation.Delete, AclOperation.Describe, AclOperation.DescribeConfigs, AclOperation.AlterConfigs];

    private static readonly AclOperation[] OnCluster =
    [
        AclOperation.Create, AclOperation.Alter, AclOperation.Describe, AclOperation.ClusterAction, AclOperation.DescribeConfigs,
        AclOperation.AlterConfigs, AclOperation.IdempotentWrite,
    ];

    public static bool AllowsTopic(this RequestContext context, AclOperation operation, string topic) => context.Allows(operation, AclResourceType.Topic, topic);

    public static bool AllowsGroup(this RequestContext context, AclOperation operation, string group) => context.Allows(operation, AclResourceType.Group, group);

    public static bool AllowsTransactionalId(this RequestContext context, AclOperation operation, string id) =>
        context.Allows(operation, AclResourceType.TransactionalId, id);

    public static bool AllowsCluster(this RequestContext context, AclOperation operation) =>
        context.Allows(operation, AclResourceType.Cluster, Authorizer.ClusterName);

    /// <summary>Whether a topic may be created: by a right on the cluster, or on topics of that name.</summary>
    public static bool AllowsCreatingTopic(this RequestContext context, string topic) =>
        context.AllowsCluster(AclOperation.Create) || context.AllowsTopic(AclOperation.Create, topic);

    /// <summary>Whether this broker takes a request for a group from this client now.</summary>
    public static ErrorCode Check(this GroupCoordinator groups, string group, RequestContext context, AclOperation operation) =>
        context.AllowsGroup(operation, group) ? groups.Check(group) : ErrorCode.GroupAuthorizationFailed;

    /// <summary>As <see cref="Check"/>, for a group that may be the one without a name.</summary>
    public static ErrorCode CheckKept(this GroupCoordinator groups, string group, RequestContext context, AclOperation operation) =>
        context.AllowsGroup(operation, group) ? groups.CheckKept(group) : ErrorCode.GroupAuthorizationFailed;

    /// <summary>What may be done with a topic, a bit for each operation.</summary>
    public static int TopicOperations(this RequestContext context, string topic) => Bits(OnTopics, operation => context.AllowsTopic(operation, topic));

    /// <summary>What may be done with a group, a bit for each operation.</summary>
    public static int GroupOperations(this RequestContext context, string group) => Bits(OnGroups, operation => context.AllowsGroup(operation, group));

    /// <summary>What may be done with the cluster, a bit for each operation; nothing for those who may not describe it.</summary>
    public static int ClusterOperations(this RequestContext context) =>
        context.AllowsCluster(AclOperation.Describe) ? Bits(OnCluster, context.AllowsCluster) : 0;

    private static int Bits(AclOperation[] operations, Func<AclOperation, bool> allows) =>
        operations.Where(allows).Aggregate(0, (bits, operation) => bits | (1 << (int)operation));
}
