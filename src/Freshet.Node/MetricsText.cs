using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Freshet.Node;

/// <summary>
/// The observable metrics of one service in Prometheus' text format, read when asked for. OpenTelemetry's exporter would rename
/// them, and existing dashboards look for ZooKeeper's names.
/// </summary>
internal sealed class MetricsText : IDisposable
{
    /// <summary>The content type of this format.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly MeterListener _listener = new();
    private readonly StringBuilder _text = new();
    private readonly Lock _lock = new();

    /// <param name="scope">The service: what its meter names as scope.</param>
    public MetricsText(object scope)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, scope))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => Write(instrument, value));
        _listener.Start();
    }

    public string Read()
    {
        lock (_lock)
        {
            _text.Clear();
            _listener.RecordObservableInstruments();
            return _text.ToString();
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Write(Instrument instrument, double value)
    {
        string type = instrument is ObservableCounter<double> ? "counter" : "gauge";
        _text.Append(CultureInfo.InvariantCulture, $"# HELP {instrument.Name} {instrument.Description}\n");
        _text.Append(CultureInfo.InvariantCulture, $"# TYPE {instrument.Name} {type}\n");
        _text.Append(CultureInfo.InvariantCulture, $"{instrument.Name} {value:R}\n");
    }
}
