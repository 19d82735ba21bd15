using System.Globalization;
using Freshet.Protocol.Kafka;

namespace Freshet.Broker.Telemetry;

/// <summary>Metrics that an operator asks of clients, how often, and of which.</summary>
internal sealed record MetricsSubscription(IReadOnlyList<string> Metrics, TimeSpan Interval, ClientMatch Match)
{
    /// <summary>Reads what is set for one; null when it is not what may be set.</summary>
    public static MetricsSubscription? Of(IReadOnlyDictionary<string, string> settings) =>
        SubscriptionSetting.Check(settings).Error == ErrorCode.None && ClientMatch.TryParse(SubscriptionSetting.Match.In(settings), out ClientMatch? match, out _)
            ? new MetricsSubscription(
                SubscriptionSetting.Metrics.In(settings).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
                TimeSpan.FromMilliseconds(int.Parse(SubscriptionSetting.Interval.In(settings).AsSpan().Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)),
                match)
            : null;
}
