using System.Globalization;
using Freshet.Broker.Cluster.Configs;
using Freshet.Broker.Quotas;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Requests.Quotas;

/// <summary>Tells the quotas of entities that a filter chooses.</summary>
internal sealed class DescribeClientQuotasHandler(EntityConfigs configs) : RequestHandler<DescribeClientQuotasRequest>
{
    public override ApiKey Key => ApiKey.DescribeClientQuotas;

    public override short MinVersion => 0;

    public override short MaxVersion => 1;

    protected override ValueTask<IKafkaWritable?> HandleAsync(DescribeClientQuotasRequest request, RequestContext context, CancellationToken cancellation) => new(
        !context.AllowsCluster(AclOperation.DescribeConfigs) ? Refused(ErrorCode.ClusterAuthorizationFailed, "Describing quotas needs DescribeConfigs on the cluster.")
        : request.Components.Any(component => component.EntityType.Length == 0) ? Refused(ErrorCode.InvalidRequest, "A part of the filter names no type.")
        : request.Components.Any(component => !QuotaEntity.Types.Contains(component.EntityType)) ? Refused(ErrorCode.UnsupportedVersion, "There are entities of the types user, client-id and ip.")
        : request.Components.DistinctBy(component => component.EntityType).Count() < request.Components.Count
            || (request.Components.Count > 1 && request.Components.Any(component => component.EntityType == QuotaEntity.Address))
            || request.Components.Any(component => !Enum.IsDefined(component.Match) || (component.Match == QuotaMatch.Exact) != (component.Name is not null))
                ? Refused(ErrorCode.InvalidRequest, "The filter names a type twice, an address beside others, or a match that has no meaning.")
        : new DescribeClientQuotasResponse(ErrorCode.None, null, [.. Find(request)]));

    private IEnumerable<DescribedQuota> Find(DescribeClientQuotasRequest request) =>
        from config in configs.All
        let entity = QuotaEntity.Parse(config.Key)
        where Matches(entity, request)
        let values = Values(config.Value)
        where values.Length > 0
        select new DescribedQuota(entity, values);

    private static bool Matches(QuotaEntityPart[] entity, DescribeClientQuotasRequest request) =>
        (!request.Strict || entity.Length == request.Components.Count)
        && request.Components.All(component => entity.Any(part => part.EntityType == component.EntityType && component.Match switch
        {
            QuotaMatch.Exact => part.Name == component.Name,
            QuotaMatch.Default => part.Name is null,
            _ => true,
        }));

    private static QuotaValue[] Values(IReadOnlyDictionary<string, string> config) =>
    [
        .. from key in QuotaKey.All
           where config.ContainsKey(key) && double.TryParse(config[key], NumberStyles.Float, CultureInfo.InvariantCulture, out _)
           select new QuotaValue(key, double.Parse(config[key], CultureInfo.InvariantCulture)),
    ];

    private static DescribeClientQuotasResponse Refused(ErrorCode error, string message) => new(error, message, null);
}
