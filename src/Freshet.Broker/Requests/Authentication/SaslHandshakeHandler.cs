using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Requests.Authentication;

/// <summary>Begins an authentication: the client names the mechanism.</summary>
internal sealed class SaslHandshakeHandler : RequestHandler<SaslHandshakeRequest>
{
    public override ApiKey Key => ApiKey.SaslHandshake;

    public override short MinVersion => 0;

    public override short MaxVersion => 1;

    protected override ValueTask<IKafkaWritable?> HandleAsync(SaslHandshakeRequest request, RequestContext context, CancellationToken cancellation)
    {
        if (context.Peer.Sasl is not { } sasl)
        {
            return new(new SaslHandshakeResponse(ErrorCode.IllegalSaslState, [])); // The listener asks nobody who they are.
        }

        ErrorCode error = sasl.Begin(request.Mechanism, bareTokens: context.Version == 0);
        context.CloseConnection = error != ErrorCode.None && !sasl.IsAuthenticated;
        return new(new SaslHandshakeResponse(error, sasl.Offered));
    }
}
