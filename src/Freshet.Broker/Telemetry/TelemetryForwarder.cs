using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Threading.Channels;
using Freshet.Broker.Cluster;
using Freshet.Broker.Monitoring;
using Microsoft.Extensions.Logging;

namespace Freshet.Broker.Telemetry;

/// <summary>
/// Sends clients' metrics to an OpenTelemetry collector, by OTLP over HTTP, with attributes that tell the clients apart. What comes while the
/// collector is away waits, up to a limit; clients never wait for it.
/// </summary>
internal sealed class TelemetryForwarder : IAsyncDisposable
{
    /// <summary>Most bytes that wait: some hundred clients' metrics while a collector starts again.</summary>
    private const int MostWaiting = 16 * 1024 * 1024;

    /// <summary>Bytes after which no more are put into one request; collectors take 4 MiB and more.</summary>
    private const int EnoughAtOnce = 1024 * 1024;

    private const int RoomForAttributes = 512;
    private const string DefaultPath = "/v1/metrics";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PatienceAtEnd = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);
    private readonly Channel<byte[]> _waiting = Channel.CreateUnbounded<byte[]>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CancellationTokenSource _stopping = new();
    private readonly HttpClient _http = new() { Timeout = Patience };
    private readonly Uri _collector;
    private readonly int _brokerId;
    private readonly TelemetryFigures _figures;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Task _sending;
    private long _waitingBytes;

    /// <param name="collector">Where it takes metrics; the path that OTLP has for them may be left out.</param>
    public TelemetryForwarder(Uri collector, int brokerId, TelemetryFigures figures, TimeProvider time, ILogger logger)
    {
        (_brokerId, _figures, _time, _logger) = (brokerId, figures, time, logger);
        _collector = collector.AbsolutePath == "/" ? new Uri(collector, DefaultPath) : collector;
        _sending = SendAllAsync();
    }

    /// <summary>Takes a client's metrics, or drops them when too many wait. Does not wait itself.</summary>
    public void Forward(ClientTelemetry telemetry)
    {
        var metrics = new ArrayBufferWriter<byte>(telemetry.Metrics.Length + RoomForAttributes);
        if (!OtlpMetrics.TryWrite(telemetry.Metrics.Span, OtlpMetrics.Resource(AttributesOf(telemetry)), metrics))
        {
            _figures.PushDropped(1);
            return;
        }

        if (Interlocked.Add(ref _waitingBytes, metrics.WrittenCount) > MostWaiting)
        {
            Interlocked.Add(ref _waitingBytes, -metrics.WrittenCount);
            _figures.PushDropped(1);
            return;
        }

        _waiting.Writer.TryWrite(metrics.WrittenSpan.ToArray());
    }

    public async ValueTask DisposeAsync()
    {
        // What waits is still sent, but a collector that is away does not hold up the end.
        _waiting.Writer.Complete();
        _stopping.CancelAfter(PatienceAtEnd);
        await _sending.ConfigureAwait(false);
        _stopping.Dispose();
        _http.Dispose();
    }

    private async Task SendAllAsync()
    {
        try
        {
            while (await _waiting.Reader.WaitToReadAsync(_stopping.Token).ConfigureAwait(false))
            {
                await SendSomeAsync().ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
        }
    }

    private async ValueTask SendSomeAsync()
    {
        var batch = new ArrayBufferWriter<byte>();
        int pushes = 0;
        while (batch.WrittenCount < EnoughAtOnce && _waiting.Reader.TryRead(out byte[]? next))
        {
            batch.Write(next);
            pushes++;
        }

        bool told = false;
        while (await TrySendAsync(batch.WrittenMemory, pushes).ConfigureAwait(false) is { } problem)
        {
            if (!told)
            {
                BrokerLog.CollectorAway(_logger, _collector.Authority, problem);
            }

            told = true;
            await Task.Delay(RetryDelay, _time, _stopping.Token).ConfigureAwait(false);
        }

        Interlocked.Add(ref _waitingBytes, -batch.WrittenCount);
    }

    /// <summary>Sends once; gives the reason when the same may work later. What the collector does not want is not sent again.</summary>
    private async ValueTask<string?> TrySendAsync(ReadOnlyMemory<byte> metrics, int pushes)
    {
        try
        {
            using var content = new ReadOnlyMemoryContent(metrics);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
            using HttpResponseMessage answer = await _http.PostAsync(_collector, content, _stopping.Token).ConfigureAwait(false);
            if (answer.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout)
            {
                return $"it answers {(int)answer.StatusCode}";
            }

            if (!answer.IsSuccessStatusCode)
            {
                _figures.PushDropped(pushes);
                BrokerLog.CollectorRefuses(_logger, _collector.Authority, (int)answer.StatusCode);
            }

            return null;
        }
        catch (Exception away) when (away is HttpRequestException || (away is OperationCanceledException && !_stopping.IsCancellationRequested))
        {
            return away.Message;
        }
    }

    private IEnumerable<KeyValuePair<string, string>> AttributesOf(ClientTelemetry telemetry) =>
    [
        new("client_instance_id", KafkaUuid.ToText(telemetry.ClientInstanceId)),
        new("client_id", telemetry.ClientId ?? ""),
        new("client_software_name", telemetry.SoftwareName),
        new("client_software_version", telemetry.SoftwareVersion),
        new("client_source_address", telemetry.Address),
        new("client_source_port", telemetry.Port.ToString(CultureInfo.InvariantCulture)),
        new("principal", telemetry.Principal),
        new("broker_id", _brokerId.ToString(CultureInfo.InvariantCulture)),
    ];
}
