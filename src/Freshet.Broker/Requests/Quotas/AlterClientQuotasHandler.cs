using System.Globalization;
using System.Net;
using Freshet.Broker.Cluster.Configs;
using Freshet.Broker.Quotas;
using Freshet.Coordination.Client;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;
using Microsoft.Extensions.Logging;

namespace Freshet.Broker.Requests.Quotas;

/// <summary>Sets and removes quotas.</summary>
internal sealed class AlterClientQuotasHandler(EntityConfigs configs, ILogger logger) : RequestHandler<AlterClientQuotasRequest>
{
    public override ApiKey Key => ApiKey.AlterClientQuotas;

    public override short MinVersion => 0;

    public override short MaxVersion => 1;

    protected override async ValueTask<IKafkaWritable?> HandleAsync(AlterClientQuotasRequest request, RequestContext context, CancellationToken cancellation)
    {
        var results = new List<AlteredQuotaResult>();
        foreach (AlteredQuota entry in request.Entries)
        {
            AlteredQuotaResult result = context.AllowsCluster(AclOperation.AlterConfigs)
                ? await AlterAsync(entry, request.ValidateOnly, cancellation).ConfigureAwait(false)
                : new AlteredQuotaResult(ErrorCode.ClusterAuthorizationFailed, "Altering quotas needs AlterConfigs on the cluster.", entry.Entity);
            BrokerLog.QuotasAltered(logger, entry.Entity, context.Peer.Principal, context.Peer.Host, result.Error);
            results.Add(result);
        }

        return new AlterClientQuotasResponse(results);
    }

    private async ValueTask<AlteredQuotaResult> AlterAsync(AlteredQuota entry, bool validateOnly, CancellationToken cancellation)
    {
        if (QuotaEntity.PathOf(entry.Entity) is not { } path)
        {
            return new AlteredQuotaResult(ErrorCode.InvalidRequest, "An entity is a user, a client-id, both together, or an ip.", entry.Entity);
        }

        if (Problem(entry) is { } problem)
        {
            return new AlteredQuotaResult(ErrorCode.InvalidRequest, problem, entry.Entity);
        }

        try
        {
            if (!validateOnly)
            {
                await configs.ChangeAsync(path, config => Change(config, entry.Changes), cancellation).ConfigureAwait(false);
            }

            return new AlteredQuotaResult(ErrorCode.None, null, entry.Entity);
        }
        catch (CoordinationException failure)
        {
            return new AlteredQuotaResult(ErrorCode.NotController, $"The coordination service did not do it: {failure.Message}", entry.Entity);
        }
    }

    private static void Change(Dictionary<string, string> config, IReadOnlyList<QuotaChange> changes)
    {
        foreach (QuotaChange change in changes)
        {
            if (change.Remove)
            {
                config.Remove(change.Key);
            }
            else
            {
                config[change.Key] = change.Value.ToString(CultureInfo.InvariantCulture);
            }
        }
    }

    private static string? Problem(AlteredQuota entry)
    {
        string[] keys = entry.Entity[0].EntityType == QuotaEntity.Address ? QuotaKey.OfAddresses : QuotaKey.OfClients;
        return entry.Entity.Any(part => part.Name?.Length == 0) ? "A name is empty."
            : entry.Entity.Any(part => part.EntityType == QuotaEntity.Address && part.Name is not null && !IPAddress.TryParse(part.Name, out _)) ? "An ip must be an address."
            : entry.Changes.DistinctBy(change => change.Key).Count() < entry.Changes.Count ? "A quota is changed twice."
            : entry.Changes.FirstOrDefault(change => !keys.Contains(change.Key)) is { Key: { } unknown } ? $"Invalid configuration key {unknown}"
            : entry.Changes.FirstOrDefault(change => !change.Remove && !IsValid(change)) is { Key: { } wrong } ? $"The value of {wrong} must be a number above zero, and a whole one where it counts."
            : null;
    }

    private static bool IsValid(QuotaChange change) =>
        double.IsFinite(change.Value) && change.Value > 0 && (!QuotaKey.IsWhole(change.Key) || change.Value == Math.Floor(change.Value));
}
