using Freshet.Broker.Access;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Requests.Authentication;

/// <summary>Refuses what clients ask about delegation tokens, as Kafka does where they are not set up.</summary>
internal sealed class DelegationTokenHandler : RequestHandler
{
    private readonly Func<ErrorCode, Principal, IKafkaWritable> _answer;

    private DelegationTokenHandler(ApiKey key, short lastVersion, Func<ErrorCode, Principal, IKafkaWritable> answer)
    {
        Key = key;
        MaxVersion = lastVersion;
        _answer = answer;
    }

    /// <summary>One for each of the APIs.</summary>
    public static IEnumerable<RequestHandler> All =>
    [
        new DelegationTokenHandler(ApiKey.CreateDelegationToken, 3, (error, who) => new CreateDelegationTokenResponse(error, who.Type, who.Name)),
        new DelegationTokenHandler(ApiKey.RenewDelegationToken, 2, (error, _) => new DelegationTokenExpiryResponse(error)),
        new DelegationTokenHandler(ApiKey.ExpireDelegationToken, 2, (error, _) => new DelegationTokenExpiryResponse(error)),
        new DelegationTokenHandler(ApiKey.DescribeDelegationToken, 3, (error, _) => new DescribeDelegationTokenResponse(error)),
    ];

    public override ApiKey Key { get; }

    public override short MinVersion => 1;

    public override short MaxVersion { get; }

    public override ValueTask<IKafkaWritable?> HandleAsync(RequestContext context, CancellationToken cancellation)
    {
        // Who has not signed in may have no tokens anyway.
        Principal who = context.Peer.Principal;
        return new(_answer(who == Principal.Anonymous ? ErrorCode.DelegationTokenRequestNotAllowed : ErrorCode.DelegationTokenAuthDisabled, who));
    }
}
