using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Freshet.Broker.Authentication;

/// <summary>Checks signed tokens: signature, issuer, audience, times. Only signatures with public keys count.</summary>
internal sealed class TokenValidator(OAuthBearerOptions options, SigningKeys keys, TimeProvider time, ILogger logger)
{
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false };

    public async ValueTask<TokenVerdict> ValidateAsync(string token, CancellationToken cancellation)
    {
        TokenValidationResult result = await CheckAsync(token, await keys.CurrentAsync(cancellation).ConfigureAwait(false)).ConfigureAwait(false);
        if (result.Exception is SecurityTokenSignatureKeyNotFoundException && await keys.TryRefreshAsync(cancellation).ConfigureAwait(false) is { } newer)
        {
            result = await CheckAsync(token, newer).ConfigureAwait(false);
        }

        if (!result.IsValid)
        {
            // The exception's kind says what is wrong; its text may quote the token.
            string reason = Reason(result.Exception);
            BrokerLog.TokenRefused(logger, reason);
            return new TokenVerdict(null, null, reason);
        }

        return result.Claims.TryGetValue(options.NameClaim, out object? name) && name is string { Length: > 0 } user
            ? new TokenVerdict(user, new DateTimeOffset(result.SecurityToken.ValidTo, TimeSpan.Zero), null)
            : new TokenVerdict(null, null, $"the token has no claim '{options.NameClaim}'.");
    }

    private Task<TokenValidationResult> CheckAsync(string token, IReadOnlyList<SecurityKey> signers) => _handler.ValidateTokenAsync(token, new TokenValidationParameters
    {
        ValidIssuer = options.Issuer,
        ValidAudiences = options.Audiences,
        IssuerSigningKeys = signers,
        ValidAlgorithms = Algorithms,
        RequireSignedTokens = true,
        RequireExpirationTime = true,
        RequireAudience = true,
        ClockSkew = options.ClockSkew,
        LifetimeValidator = IsInTime,
        IncludeTokenOnFailedValidation = false,
    });

    private bool IsInTime(DateTime? notBefore, DateTime? expires, SecurityToken token, TokenValidationParameters parameters)
    {
        DateTime now = time.GetUtcNow().UtcDateTime;
        return (notBefore is null || notBefore <= now + parameters.ClockSkew) && expires is { } end && end >= now - parameters.ClockSkew;
    }

    private static string Reason(Exception? failure) => failure switch
    {
        SecurityTokenInvalidLifetimeException or SecurityTokenExpiredException or SecurityTokenNotYetValidException or SecurityTokenNoExpirationException =>
            "the token is expired, not valid yet, or has no expiry.",
        SecurityTokenInvalidIssuerException => "the token is from another issuer.",
        SecurityTokenInvalidAudienceException => "the token is for another audience.",
        SecurityTokenSignatureKeyNotFoundException => "the token is signed with a key that is not known.",
        SecurityTokenMalformedException => "the token is malformed.",
        _ => "the token's signature is not valid.",
    };
}
