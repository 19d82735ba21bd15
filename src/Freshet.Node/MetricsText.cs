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
    private Instrument? _last;

    /// <param name="scopes">The services: what their meters name as scope.</param>
    public MetricsText(params object[] scopes)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope is { } scope && scopes.Contains(scope, ReferenceEqualityComparer.Instance))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, labels, _) => Write(instrument, value, labels));
        _listener.Start();
    }

    public string Read()
    {
        lock (_lock)
        {
            _text.Clear();
            _last = null;
            _listener.RecordObservableInstruments();
            return _text.ToString();
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Write(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        // An instrument's measurements come one after the other; its name and type are told once.
        if (_last != instrument)
        {
            _last = instrument;
            string type = instrument is ObservableCounter<double> ? "counter" : "gauge";
            _text.Append(CultureInfo.InvariantCulture, $"# HELP {instrument.Name} {instrument.Description}\n");
            _text.Append(CultureInfo.InvariantCulture, $"# TYPE {instrument.Name} {type}\n");
        }

        _text.Append(instrument.Name);
        char before = '{';
        foreach ((string name, object? label) in labels)
        {
            _text.Append(CultureInfo.InvariantCulture, $"{before}{name}=\"{Escape($"{label}")}\"");
            before = ',';
        }

        _text.Append(CultureInfo.InvariantCulture, $"{(labels.IsEmpty ? "" : "}")} {value:R}\n");
    }

    private static string Escape(string label) =>
        label.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
