using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Freshet.Node.Tls;

/// <summary>The TLS handshake of a port, by Kestrel's own middleware.</summary>
internal sealed class TlsHandshake(TlsOptions options, ILoggerFactory loggers)
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private readonly TlsFiles _files = new(options, loggers);
    private readonly CipherSuitesPolicy? _suites = Suites(options);

    /// <summary>How long a client may take.</summary>
    public TimeSpan Patience => options.HandshakeTimeout;

    /// <summary>What Kestrel's middleware asks of its container; a bare connection needs far less.</summary>
    public static IServiceProvider Services(ILoggerFactory loggers)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.Services.AddMetrics();
        builder.Services.AddSingleton(loggers);
        return builder.Build().Services;
    }

    public void Use(ListenOptions listen)
    {
        // The protocol inside is not HTTP; of Kestrel's names for it none is offered to clients but this one.
        listen.Protocols = HttpProtocols.Http1;
        listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            HandshakeTimeout = options.HandshakeTimeout,
            OnConnection = _ => ValueTask.FromResult(Answer()),
        });
    }

    /// <exception cref="InvalidDataException">The system chooses the suites itself.</exception>
    private static CipherSuitesPolicy? Suites(TlsOptions options) =>
        options.CipherSuites is not { Count: > 0 } suites ? null
        : OperatingSystem.IsWindows() ? throw new InvalidDataException("Windows chooses the cipher suites of TLS for all programs: name none here.")
        : new CipherSuitesPolicy(suites);

    private SslServerAuthenticationOptions Answer()
    {
        (SslStreamCertificateContext own, X509Certificate2Collection? trusted) = _files.Current();
        var answer = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = own,
            EnabledSslProtocols = options.Protocols,
        };
        if (_suites is not null)
        {
            answer.CipherSuitesPolicy = _suites;
        }

        if (options.ClientCertificates != ClientCertificates.None)
        {
            answer.ClientCertificateRequired = true;
            answer.CertificateChainPolicy = Policy(trusted!);
            answer.RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
                certificate is null ? options.ClientCertificates == ClientCertificates.Want : errors == SslPolicyErrors.None;
        }

        return answer;
    }

    /// <summary>Only the authorities of the trust file count, not those of the machine.</summary>
    private static X509ChainPolicy Policy(X509Certificate2Collection trusted)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(trusted);
        policy.ApplicationPolicy.Add(new Oid(ClientAuthentication));
        return policy;
    }
}
