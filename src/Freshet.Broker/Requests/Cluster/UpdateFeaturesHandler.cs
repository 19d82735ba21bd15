using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Requests.Cluster;

/// <summary>Answers wishes to change the cluster's features. Each has one level, that of this version: it may be asked for, no other.</summary>
internal sealed class UpdateFeaturesHandler : RequestHandler<UpdateFeaturesRequest>
{
    public override ApiKey Key => ApiKey.UpdateFeatures;

    public override short MinVersion => 0;

    public override short MaxVersion => 2;

    protected override ValueTask<IKafkaWritable?> HandleAsync(UpdateFeaturesRequest request, RequestContext context, CancellationToken cancellation)
    {
        if (!context.AllowsCluster(AclOperation.Alter))
        {
            return new(new UpdateFeaturesResponse(ErrorCode.ClusterAuthorizationFailed, "Changing features needs the right to alter the cluster.", []));
        }

        string? problem = request.Updates.Select(Problem).FirstOrDefault(found => found is not null);
        return new(problem is null
            ? new UpdateFeaturesResponse(ErrorCode.None, null, [.. request.Updates.Select(update => update.Feature)])
            : new UpdateFeaturesResponse(ErrorCode.InvalidUpdateVersion, $"No feature was changed: {problem}", []));
    }

    private static string? Problem(FeatureUpdate update)
    {
        string names = string.Join(", ", ApiVersionsHandler.Features.Select(feature => feature.Name));
        return ApiVersionsHandler.Features.FirstOrDefault(feature => feature.Name == update.Feature) switch
        {
            null => $"there is no feature '{update.Feature}', only {names}.",
            { } known when known.Level == update.Level => null,
            { } known => $"{known.Name} is at level {known.Level} in this version, which cannot be changed to {update.Level}.",
        };
    }
}
