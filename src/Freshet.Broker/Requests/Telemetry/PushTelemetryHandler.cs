using Freshet.Broker.Monitoring;
using Freshet.Broker.Telemetry;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;
using Freshet.Protocol.Kafka.Records;
using Freshet.Storage.Records;
using Microsoft.Extensions.Logging;

namespace Freshet.Broker.Requests.Telemetry;

/// <summary>Takes what a client measured of itself, and hands it on (KIP-714).</summary>
internal sealed class PushTelemetryHandler(TelemetryClients clients, Action<ClientTelemetry> receive, TelemetryFigures figures, BrokerOptions options, ILogger logger)
    : RequestHandler<PushTelemetryRequest>
{
    /// <summary>Kafka keeps it for itself.</summary>
    private static readonly Guid Reserved = new(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);

    public override ApiKey Key => ApiKey.PushTelemetry;

    public override short MinVersion => 0;

    public override short MaxVersion => 0;

    protected override ValueTask<IKafkaWritable?> HandleAsync(PushTelemetryRequest request, RequestContext context, CancellationToken cancellation) =>
        new(new PushTelemetryResponse(Take(request, context)));

    private ErrorCode Take(PushTelemetryRequest request, RequestContext context)
    {
        if (request.ClientInstanceId == Guid.Empty || request.ClientInstanceId == Reserved)
        {
            return ErrorCode.InvalidRequest;
        }

        var client = new ClientDescription(request.ClientInstanceId, context.Header.ClientId, context.Peer);
        (ErrorCode refused, AskedMetrics asked) = clients.Push(client, request.SubscriptionId, request.IsTerminating);
        if (refused != ErrorCode.None)
        {
            Count(refused);
            return refused;
        }

        ErrorCode error = Read(request, out byte[] metrics);
        if (error == ErrorCode.None && metrics.Length > 0)
        {
            error = HandOn(client, request, asked, metrics);
        }

        if (error != ErrorCode.None)
        {
            figures.PushFailed();
            clients.Failed(request.ClientInstanceId, error);
        }

        return error;
    }

    private void Count(ErrorCode refused)
    {
        switch (refused)
        {
            case ErrorCode.ThrottlingQuotaExceeded:
                figures.CameTooEarly();
                break;
            case ErrorCode.UnknownSubscriptionId:
                figures.NamedUnknownSubscription();
                break;
        }
    }

    /// <summary>Decompresses the metrics. The limit is for what came and for what becomes of it, as few bytes can become very many.</summary>
    private ErrorCode Read(PushTelemetryRequest request, out byte[] metrics)
    {
        metrics = [];
        if (!Enum.IsDefined((Compression)request.Compression))
        {
            return ErrorCode.UnsupportedCompressionType;
        }

        if (request.Metrics.Length > options.MaxClientTelemetryBytes)
        {
            return ErrorCode.TelemetryTooLarge;
        }

        if (request.Metrics.Length == 0)
        {
            return ErrorCode.None;
        }

        using var decompressed = new DecompressedRecords(options.MaxClientTelemetryBytes);
        try
        {
            RecordCodec.Decompress((Compression)request.Compression, request.Metrics.Span, decompressed);
            metrics = decompressed.Span.ToArray();
            return ErrorCode.None;
        }
        catch (InvalidDataException)
        {
            return decompressed.IsOverLimit ? ErrorCode.TelemetryTooLarge : ErrorCode.InvalidRecord;
        }
    }

    private ErrorCode HandOn(ClientDescription client, PushTelemetryRequest request, AskedMetrics asked, byte[] metrics)
    {
        try
        {
            receive(new ClientTelemetry(
                client.InstanceId, client.ClientId, client.Peer.SoftwareName, client.Peer.SoftwareVersion, client.Peer.Host, client.Peer.Port,
                client.Peer.Principal.ToString(), asked.Interval, request.IsTerminating, metrics));
            figures.Pushed(metrics.Length);
            return ErrorCode.None;
        }
        catch (Exception failure)
        {
            // The receiver is not ours, so anything may be wrong with it.
            BrokerLog.TelemetryFailed(logger, client.ClientId, client.Peer.Host, failure);
            return ErrorCode.InvalidRecord;
        }
    }
}
