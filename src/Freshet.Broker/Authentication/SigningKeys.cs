using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;

namespace Freshet.Broker.Authentication;

/// <summary>The public keys of a token issuer, from a file or an address, read again now and then.</summary>
internal sealed class SigningKeys : IDisposable
{
    /// <summary>A set of keys has a few kilobytes; more is something else.</summary>
    private const int MaxBytes = 1024 * 1024;

    private static readonly TimeSpan MinBetweenReads = TimeSpan.FromSeconds(10);

    private readonly OAuthBearerOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _reading = new(1);
    private readonly HttpClient _http;
    private IReadOnlyList<SecurityKey> _keys = [];
    private DateTimeOffset? _readAt;
    private DateTimeOffset? _failedAt;

    /// <exception cref="ArgumentException">The address is neither a file nor https, nor http on loopback.</exception>
    public SigningKeys(OAuthBearerOptions options, TimeProvider time, ILogger logger)
    {
        Uri keys = options.Keys;
        if (!keys.IsAbsoluteUri || !(keys.IsFile || keys.Scheme == Uri.UriSchemeHttps || (keys.Scheme == Uri.UriSchemeHttp && keys.IsLoopback)))
        {
            throw new ArgumentException($"{nameof(OAuthBearerOptions.Keys)} must be an absolute file or https address, not '{keys}'.", nameof(options));
        }

        (_options, _time, _logger) = (options, time, logger);
        _http = new HttpClient(Handler(options.KeysTrustFile)) { Timeout = options.KeysTimeout, MaxResponseContentBufferSize = MaxBytes };
    }

    /// <summary>The keys, read when they never were or are old. When reading fails, those known stay.</summary>
    public ValueTask<IReadOnlyList<SecurityKey>> CurrentAsync(CancellationToken cancellation) =>
        _readAt is { } at && _time.GetUtcNow() - at < _options.RefreshKeysAfter ? new(_keys) : ReadAsync(_options.RefreshKeysAfter, cancellation);

    /// <summary>Reads the keys again because one is missing; null when they were read a moment ago.</summary>
    public async ValueTask<IReadOnlyList<SecurityKey>?> TryRefreshAsync(CancellationToken cancellation) =>
        _readAt is { } at && _time.GetUtcNow() - at < MinBetweenReads ? null : await ReadAsync(MinBetweenReads, cancellation).ConfigureAwait(false);

    public void Dispose()
    {
        _http.Dispose();
        _reading.Dispose();
    }

    private async ValueTask<IReadOnlyList<SecurityKey>> ReadAsync(TimeSpan newerThan, CancellationToken cancellation)
    {
        await _reading.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            DateTimeOffset now = _time.GetUtcNow();
            bool isNew = _readAt is { } at && now - at < newerThan;
            bool hasJustFailed = _failedAt is { } failed && now - failed < MinBetweenReads;
            if (!isNew && !hasJustFailed)
            {
                _keys = Parse(_options.Keys.IsFile
                    ? await File.ReadAllTextAsync(_options.Keys.LocalPath, cancellation).ConfigureAwait(false)
                    : await _http.GetStringAsync(_options.Keys, cancellation).ConfigureAwait(false));
                (_readAt, _failedAt) = (_time.GetUtcNow(), null);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or HttpRequestException or TaskCanceledException
            or ArgumentException or CryptographicException && !cancellation.IsCancellationRequested)
        {
            BrokerLog.KeysNotRead(_logger, _options.Keys, failure.Message);
            _readAt = _keys.Count == 0 ? null : _time.GetUtcNow();
            // Those who wait for the keys must not all wait for the same failure, one after the other.
            _failedAt = _time.GetUtcNow();
        }
        finally
        {
            _reading.Release();
        }

        return _keys;
    }

    private static SocketsHttpHandler Handler(string? trustFile)
    {
        // A redirect could lead to an address that nobody has chosen.
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        if (trustFile is not null)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.ImportFromPemFile(trustFile);
            if (policy.CustomTrustStore.Count == 0)
            {
                throw new ArgumentException($"{trustFile} holds no certificate to trust the token issuer's server by.", nameof(trustFile));
            }

            handler.SslOptions.CertificateChainPolicy = policy;
        }

        return handler;
    }

    private static IReadOnlyList<SecurityKey> Parse(string text)
    {
        if (text.Contains("-----BEGIN CERTIFICATE", StringComparison.Ordinal))
        {
            return [new X509SecurityKey(X509Certificate2.CreateFromPem(text))];
        }

        if (!text.Contains("-----BEGIN ", StringComparison.Ordinal))
        {
            return [.. new JsonWebKeySet(text).GetSigningKeys()];
        }

        try
        {
            var rsa = RSA.Create();
            rsa.ImportFromPem(text);
            return [new RsaSecurityKey(rsa)];
        }
        catch (Exception other) when (other is CryptographicException or ArgumentException)
        {
            var ecdsa = ECDsa.Create();
            ecdsa.ImportFromPem(text);
            return [new ECDsaSecurityKey(ecdsa)];
        }
    }
}
