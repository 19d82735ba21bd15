using System.Text;
using Freshet.Protocol;

namespace Freshet.Broker.Telemetry;

/// <summary>What all subscriptions together ask of one client.</summary>
/// <param name="Id">Its number: another one when anything of it changes.</param>
internal sealed record AskedMetrics(int Id, IReadOnlyList<string> Metrics, TimeSpan Interval)
{
    private const string Every = "*";

    /// <summary>How often a client comes to see whether anything is asked of it; subscriptions can only shorten that. Kafka's own.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    public static AskedMetrics Of(ClientDescription client, IEnumerable<MetricsSubscription> subscriptions)
    {
        var metrics = new SortedSet<string>(StringComparer.Ordinal);
        TimeSpan interval = Longest;
        foreach (MetricsSubscription subscription in subscriptions.Where(subscription => subscription.Match.Fits(client)))
        {
            metrics.UnionWith(subscription.Metrics);
            interval = subscription.Interval < interval ? subscription.Interval : interval;
        }

        string[] asked = metrics.Contains(Every) ? [Every] : [.. metrics];
        string all = $"{client.InstanceId} {interval.TotalMilliseconds} {string.Join(',', asked)}";
        return new AskedMetrics((int)Crc32C.Compute(Encoding.UTF8.GetBytes(all)), asked, interval);
    }
}
