using Freshet.Broker.Access;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Requests.Access;

/// <summary>Tells access rules.</summary>
internal sealed class DescribeAclsHandler(Authorizer authorizer) : RequestHandler<DescribeAclsRequest>
{
    public const string NoAuthorizer = "No Authorizer is configured on the broker";

    public override ApiKey Key => ApiKey.DescribeAcls;

    public override short MinVersion => 1;

    public override short MaxVersion => 3;

    protected override ValueTask<IKafkaWritable?> HandleAsync(DescribeAclsRequest request, RequestContext context, CancellationToken cancellation) => new(
        !context.AllowsCluster(AclOperation.Describe) ? Refused(ErrorCode.ClusterAuthorizationFailed, "Describing access rules needs Describe on the cluster.")
        : !authorizer.IsOn ? Refused(ErrorCode.SecurityDisabled, NoAuthorizer)
        : request.Filter.IsUnknown ? Refused(ErrorCode.InvalidRequest, "The filter contains unknown elements.")
        : new DescribeAclsResponse(ErrorCode.None, null, [.. authorizer.Rules.All.Where(request.Filter.Matches)]));

    private static DescribeAclsResponse Refused(ErrorCode error, string message) => new(error, message, []);
}
