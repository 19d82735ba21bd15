using System.Collections.Frozen;
using Microsoft.Extensions.Logging;

namespace Freshet.Broker.Authentication;

/// <summary>The mechanisms that a broker offers.</summary>
internal sealed class SaslMechanisms : IAsyncDisposable
{
    private readonly FrozenDictionary<string, ISaslMechanism> _byName;
    private readonly SigningKeys? _keys;

    /// <param name="findScram">Finds a user's SCRAM credential.</param>
    /// <exception cref="ArgumentException">A mechanism is not known, or lacks what it needs.</exception>
    public SaslMechanisms(SaslOptions options, Func<ScramHash, string, ScramCredential?> findScram, TimeProvider time, ILogger logger)
    {
        if (options.Tokens is { } tokens)
        {
            _keys = new SigningKeys(tokens, time, logger);
        }

        Names = [.. options.Mechanisms.Distinct()];
        _byName = Names.Select(Create).ToFrozenDictionary(mechanism => mechanism.Name);

        ISaslMechanism Create(string name) => name switch
        {
            SaslOptions.Plain => new PlainMechanism(options.PlainUsers),
            SaslOptions.ScramSha256 => new ScramMechanism(ScramHash.Sha256, user => findScram(ScramHash.Sha256, user)),
            SaslOptions.ScramSha512 => new ScramMechanism(ScramHash.Sha512, user => findScram(ScramHash.Sha512, user)),
            SaslOptions.OAuthBearer when options.Tokens is { } accepted => new OAuthBearerMechanism(new TokenValidator(Checked(accepted), _keys!, time, logger)),
            SaslOptions.OAuthBearer => throw new ArgumentException($"{SaslOptions.OAuthBearer} needs {nameof(SaslOptions.Tokens)}: whose tokens to take, and for whom.", nameof(options)),
            _ => throw new ArgumentException(
                $"The SASL mechanism '{name}' is not known; there are {SaslOptions.Plain}, {SaslOptions.ScramSha256}, {SaslOptions.ScramSha512} and {SaslOptions.OAuthBearer}.", nameof(options)),
        };
    }

    public IReadOnlyList<string> Names { get; }

    public ISaslMechanism? Find(string name) => _byName.GetValueOrDefault(name);

    public ValueTask DisposeAsync()
    {
        _keys?.Dispose();
        return ValueTask.CompletedTask;
    }

    private static OAuthBearerOptions Checked(OAuthBearerOptions tokens) => tokens.Issuer.Length > 0 && tokens.Audiences.Count > 0
        ? tokens
        : throw new ArgumentException("OAUTHBEARER needs an issuer and an audience; without them any token of anyone would do.", nameof(tokens));
}
