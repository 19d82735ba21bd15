using System.Globalization;

namespace Freshet.Coordination.Admin;

/// <summary>What a figure counts.</summary>
internal enum MonitoredKind
{
    /// <summary>A whole number that goes up and down.</summary>
    Gauge,

    /// <summary>A number with a fraction.</summary>
    Fraction,

    /// <summary>A whole number that only grows.</summary>
    Counter,
}

/// <summary>One figure that monitoring reads, by whichever way.</summary>
/// <param name="Name">ZooKeeper's name of it.</param>
/// <param name="Description">One line for people.</param>
/// <param name="Read">Reads it; harmless beside the sequence.</param>
internal sealed record MonitoredValue(string Name, MonitoredKind Kind, string Description, Func<CoordinationServer, double> Read)
{
    /// <summary>The name as a metric; it differs for the parts of a summary, which Prometheus has its own way to name.</summary>
    public string MetricName { get; init; } = Name;

    public string Format(CoordinationServer server) =>
        Read(server).ToString(Kind == MonitoredKind.Fraction ? "0.0###" : "0", CultureInfo.InvariantCulture);
}
