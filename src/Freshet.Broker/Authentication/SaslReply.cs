using Freshet.Broker.Access;

namespace Freshet.Broker.Authentication;

/// <summary>A mechanism's answer to a token: go on, done, or failed.</summary>
/// <param name="Token">Sent to the client.</param>
/// <param name="Principal">Who the client has proved to be; null while it has not.</param>
/// <param name="ValidUntil">When the proof expires; null for never.</param>
/// <param name="Failure">Why it failed, in words that are good for the client to see; null while it has not.</param>
internal sealed record SaslReply(ReadOnlyMemory<byte> Token, Principal? Principal, DateTimeOffset? ValidUntil, string? Failure)
{
    public static SaslReply GoOn(ReadOnlyMemory<byte> token) => new(token, null, null, null);

    public static SaslReply Done(string user, ReadOnlyMemory<byte> token = default, DateTimeOffset? validUntil = null) =>
        new(token, Access.Principal.User(user), validUntil, null);

    public static SaslReply Failed(string reason) => new(default, null, null, reason);
}
