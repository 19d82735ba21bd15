using Freshet.Broker.Monitoring;
using Freshet.Broker.Telemetry;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;
using Freshet.Protocol.Kafka.Records;

namespace Freshet.Broker.Requests.Telemetry;

/// <summary>Tells a client which of its own metrics to send, and how often (KIP-714).</summary>
internal sealed class GetTelemetrySubscriptionsHandler(TelemetryClients clients, TelemetryFigures figures, BrokerOptions options)
    : RequestHandler<GetTelemetrySubscriptionsRequest>
{
    /// <summary>Best first: clients take the first that they have.</summary>
    private static readonly sbyte[] Accepted = [(sbyte)Compression.Zstd, (sbyte)Compression.Lz4, (sbyte)Compression.Gzip, (sbyte)Compression.Snappy];

    public override ApiKey Key => ApiKey.GetTelemetrySubscriptions;

    public override short MinVersion => 0;

    public override short MaxVersion => 0;

    protected override ValueTask<IKafkaWritable?> HandleAsync(GetTelemetrySubscriptionsRequest request, RequestContext context, CancellationToken cancellation) => new(Answer(request, context));

    private GetTelemetrySubscriptionsResponse Answer(GetTelemetrySubscriptionsRequest request, RequestContext context)
    {
        Guid id = request.ClientInstanceId == Guid.Empty ? Guid.NewGuid() : request.ClientInstanceId;
        (ErrorCode error, AskedMetrics asked) = clients.Ask(new ClientDescription(id, context.Header.ClientId, context.Peer));
        if (error != ErrorCode.None)
        {
            figures.CameTooEarly();
            return new GetTelemetrySubscriptionsResponse(error);
        }

        return new GetTelemetrySubscriptionsResponse(ErrorCode.None)
        {
            ClientInstanceId = id,
            SubscriptionId = asked.Id,
            AcceptedCompressionTypes = Accepted,
            PushIntervalMs = (int)asked.Interval.TotalMilliseconds,
            TelemetryMaxBytes = options.MaxClientTelemetryBytes,
            DeltaTemporality = true,
            RequestedMetrics = asked.Metrics,
        };
    }
}
