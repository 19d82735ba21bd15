using Freshet.Broker.Authentication;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Requests.Authentication;

/// <summary>Takes one token of an authentication.</summary>
internal sealed class SaslAuthenticateHandler : RequestHandler<SaslAuthenticateRequest>
{
    public override ApiKey Key => ApiKey.SaslAuthenticate;

    public override short MinVersion => 0;

    public override short MaxVersion => 2;

    protected override async ValueTask<IKafkaWritable?> HandleAsync(SaslAuthenticateRequest request, RequestContext context, CancellationToken cancellation)
    {
        if (context.Peer.Sasl is not { } sasl)
        {
            return new SaslAuthenticateResponse(ErrorCode.IllegalSaslState, "This listener does not use SASL.", default, 0);
        }

        if (!sasl.IsUnderWay)
        {
            context.CloseConnection = true;
            return new SaslAuthenticateResponse(ErrorCode.IllegalSaslState, "A SaslHandshake must come first.", default, 0);
        }

        (SaslReply reply, TimeSpan? lifetime) = await sasl.AdvanceAsync(request.Token, cancellation).ConfigureAwait(false);
        if (reply.Failure is { } failure)
        {
            context.CloseConnection = true;
            return new SaslAuthenticateResponse(ErrorCode.SaslAuthenticationFailed, failure, default, 0);
        }

        return new SaslAuthenticateResponse(ErrorCode.None, null, reply.Token, lifetime is { } time ? Math.Max(1, (long)time.TotalMilliseconds) : 0);
    }
}
