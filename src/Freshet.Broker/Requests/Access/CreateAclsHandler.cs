using Freshet.Broker.Access;
using Freshet.Coordination.Client;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;
using Microsoft.Extensions.Logging;

namespace Freshet.Broker.Requests.Access;

/// <summary>Adds access rules. They hold on this broker when the answer comes, on others a moment later.</summary>
internal sealed class CreateAclsHandler(Authorizer authorizer, AclStore? store, ILogger logger) : RequestHandler<CreateAclsRequest>
{
    public override ApiKey Key => ApiKey.CreateAcls;

    public override short MinVersion => 1;

    public override short MaxVersion => 3;

    protected override async ValueTask<IKafkaWritable?> HandleAsync(CreateAclsRequest request, RequestContext context, CancellationToken cancellation)
    {
        var results = request.Bindings.Select(binding => Problem(binding, context)).ToArray();
        var wanted = request.Bindings.Select((binding, index) => (Binding: binding, Index: index)).Where(item => results[item.Index].Error == ErrorCode.None);
        foreach (var same in wanted.GroupBy(item => (item.Binding.ResourceType, item.Binding.ResourceName, item.Binding.PatternType)))
        {
            CreatedAcl result = await AddAsync([.. same.Select(item => item.Binding)], cancellation).ConfigureAwait(false);
            foreach ((AclBinding binding, int index) in same)
            {
                results[index] = result;
                BrokerLog.RuleChanged(logger, "created", binding, context.Peer.Principal, context.Peer.Host, result.Error);
            }
        }

        return new CreateAclsResponse(results);
    }

    private async ValueTask<CreatedAcl> AddAsync(AclBinding[] bindings, CancellationToken cancellation)
    {
        try
        {
            await store!.AddAsync(bindings, cancellation).ConfigureAwait(false);
            return default;
        }
        catch (CoordinationException failure)
        {
            return new CreatedAcl(ErrorCode.NotController, $"The coordination service did not do it: {failure.Message}");
        }
    }

    private CreatedAcl Problem(AclBinding binding, RequestContext context) =>
        !context.AllowsCluster(AclOperation.Alter) ? new CreatedAcl(ErrorCode.ClusterAuthorizationFailed, "Changing access rules needs Alter on the cluster.")
        : !authorizer.IsOn ? new CreatedAcl(ErrorCode.SecurityDisabled, DescribeAclsHandler.NoAuthorizer)
        : ProblemOf(binding) is { } problem ? new CreatedAcl(ErrorCode.InvalidRequest, problem)
        : default;

    private static string? ProblemOf(AclBinding binding) =>
        binding.ResourceType is AclResourceType.Any or AclResourceType.Unknown || !Enum.IsDefined(binding.ResourceType) ? "The resource type is not known."
        : binding.PatternType is not (AclPatternType.Literal or AclPatternType.Prefixed) ? "The pattern type must be literal or prefixed."
        : binding.Operation is AclOperation.Any or AclOperation.Unknown || !Enum.IsDefined(binding.Operation) ? "The operation is not known."
        : binding.Permission is not (AclPermission.Allow or AclPermission.Deny) ? "The permission must be allow or deny."
        : binding.ResourceName.Length == 0 ? "Invalid empty resource name"
        : binding.ResourceName.Contains('\0', StringComparison.Ordinal) ? "A resource name holds no NUL."
        : binding.ResourceType == AclResourceType.Cluster && binding.ResourceName != Authorizer.ClusterName ? $"The only valid name for the CLUSTER resource is {Authorizer.ClusterName}"
        : Principal.Parse(binding.Principal) is null ? "The principal must be written as User:name."
        : binding.Host.Length == 0 ? "The host must be an address or *."
        : null;
}
