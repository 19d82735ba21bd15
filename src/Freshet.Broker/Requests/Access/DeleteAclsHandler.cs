using Freshet.Broker.Access;
using Freshet.Coordination.Client;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;
using Microsoft.Extensions.Logging;

namespace Freshet.Broker.Requests.Access;

/// <summary>Removes the access rules that filters choose.</summary>
internal sealed class DeleteAclsHandler(Authorizer authorizer, AclStore? store, ILogger logger) : RequestHandler<DeleteAclsRequest>
{
    public override ApiKey Key => ApiKey.DeleteAcls;

    public override short MinVersion => 1;

    public override short MaxVersion => 3;

    protected override async ValueTask<IKafkaWritable?> HandleAsync(DeleteAclsRequest request, RequestContext context, CancellationToken cancellation)
    {
        var results = new List<DeletedAcls>();
        foreach (AclFilter filter in request.Filters)
        {
            results.Add(
                !context.AllowsCluster(AclOperation.Alter) ? Refused(ErrorCode.ClusterAuthorizationFailed, "Changing access rules needs Alter on the cluster.")
                : !authorizer.IsOn ? Refused(ErrorCode.SecurityDisabled, DescribeAclsHandler.NoAuthorizer)
                : filter.IsUnknown ? Refused(ErrorCode.InvalidRequest, "The filter contains unknown elements.")
                : await DeleteAsync(filter, context, cancellation).ConfigureAwait(false));
        }

        return new DeleteAclsResponse(results);
    }

    private async ValueTask<DeletedAcls> DeleteAsync(AclFilter filter, RequestContext context, CancellationToken cancellation)
    {
        AclBinding[] matching = [.. authorizer.Rules.All.Where(filter.Matches)];
        try
        {
            foreach (var same in matching.GroupBy(binding => (binding.ResourceType, binding.ResourceName, binding.PatternType)))
            {
                await store!.RemoveAsync([.. same], cancellation).ConfigureAwait(false);
            }
        }
        catch (CoordinationException failure)
        {
            return Refused(ErrorCode.NotController, $"The coordination service did not do it: {failure.Message}");
        }

        foreach (AclBinding binding in matching)
        {
            BrokerLog.RuleChanged(logger, "deleted", binding, context.Peer.Principal, context.Peer.Host, ErrorCode.None);
        }

        return new DeletedAcls(ErrorCode.None, null, matching);
    }

    private static DeletedAcls Refused(ErrorCode error, string message) => new(error, message, []);
}
