using System.Text;

namespace Freshet.Broker.Authentication;

/// <summary>OAUTHBEARER (RFC 7628): the client shows a token that an authority has signed.</summary>
internal sealed class OAuthBearerMechanism(TokenValidator validator) : ISaslMechanism
{
    public string Name => SaslOptions.OAuthBearer;

    public ISaslExchange Start() => new Exchange(validator);

    private sealed class Exchange(TokenValidator validator) : ISaslExchange
    {
        private const char Separator = '\u0001';
        private string? _failure;

        public async ValueTask<SaslReply> AdvanceAsync(ReadOnlyMemory<byte> token, CancellationToken cancellation)
        {
            if (_failure is not null)
            {
                // The client has read why, and this is its receipt.
                return SaslReply.Failed(_failure);
            }

            // n,[a=authzid],^A key=value ^A ... ^A^A
            string[] parts = Encoding.UTF8.GetString(token.Span).Split(Separator);
            string[] header = parts[0].Split(',');
            string? authorization = parts.Skip(1).FirstOrDefault(part => part.StartsWith("auth=", StringComparison.Ordinal))?["auth=".Length..];
            if (header is not ["n" or "y", var actsFor, ""] || authorization is null
                || !authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
            {
                return SaslReply.Failed("Authentication failed: the token is no message of OAUTHBEARER.");
            }

            TokenVerdict verdict = await validator.ValidateAsync(authorization["Bearer ".Length..].Trim(), cancellation).ConfigureAwait(false);
            if (verdict.User is { } user && actsFor.Length > 0 && actsFor != $"a={user}")
            {
                return SaslReply.Failed("Authentication failed: OAUTHBEARER does not let one user act for another.");
            }

            if (verdict.User is null)
            {
                _failure = $"Authentication failed: {verdict.Failure}";
                return SaslReply.GoOn("""{"status":"invalid_token"}"""u8.ToArray());
            }

            return SaslReply.Done(verdict.User, validUntil: verdict.ValidUntil);
        }
    }
}
