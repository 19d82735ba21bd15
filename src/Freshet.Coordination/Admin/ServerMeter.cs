using System.Diagnostics.Metrics;

namespace Freshet.Coordination.Admin;

/// <summary>The server's figures as metrics of .NET, under ZooKeeper's names. They cost nothing until somebody listens.</summary>
internal sealed class ServerMeter : IDisposable
{
    private readonly Meter _meter;

    /// <param name="server">Whose figures.</param>
    /// <param name="service">What a listener tells the servers of one process apart by.</param>
    public ServerMeter(CoordinationServer server, CoordinationService service)
    {
        _meter = new Meter(new MeterOptions(CoordinationService.MeterName) { Scope = service });
        foreach (MonitoredValue value in MonitoredValues.All)
        {
            if (value.Kind == MonitoredKind.Counter)
            {
                _meter.CreateObservableCounter(value.MetricName, () => value.Read(server), description: value.Description);
            }
            else
            {
                _meter.CreateObservableGauge(value.MetricName, () => value.Read(server), description: value.Description);
            }
        }
    }

    public void Dispose() => _meter.Dispose();
}
