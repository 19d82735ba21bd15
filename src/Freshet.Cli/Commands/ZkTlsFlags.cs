using System.CommandLine;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Freshet.Cli.Commands;

/// <summary>The flags of a client's connection with TLS. All files are PEM.</summary>
internal sealed class ZkTlsFlags
{
    private readonly Option<bool> _tls = new("--tls") { Description = "Connect with TLS; the other flags of TLS say so too." };
    private readonly Option<string?> _authority = new("--ca") { Description = "PEM file with the authorities whose servers are trusted, in place of the machine's." };
    private readonly Option<string?> _certificate = new("--cert") { Description = "PEM file with the certificate to show, and its key unless --key names another." };
    private readonly Option<string?> _key = new("--key") { Description = "PEM file with the key of --cert, not encrypted." };

    public void AddTo(Command command)
    {
        Option[] all = [_tls, _authority, _certificate, _key];
        Array.ForEach(all, command.Options.Add);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_key) is not null && result.GetValue(_certificate) is null)
            {
                result.AddError("--key needs --cert FILE.");
            }
        });
    }

    /// <summary>What the client is to change in each connection's settings; null without TLS.</summary>
    /// <exception cref="InvalidDataException">A file holds no certificate that can be used.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public Action<SslClientAuthenticationOptions>? Read(ParseResult parsed)
    {
        X509ChainPolicy? trust = parsed.GetValue(_authority) is string authority ? Load(authority, () => Trust(authority)) : null;
        SslStreamCertificateContext? own = parsed.GetValue(_certificate) is string certificate
            ? Load(certificate, () => Certificate(certificate, parsed.GetValue(_key) ?? certificate))
            : null;
        if (!parsed.GetValue(_tls) && trust is null && own is null)
        {
            return null;
        }

        return settings =>
        {
            settings.CertificateChainPolicy = trust;
            settings.ClientCertificateContext = own;
        };
    }

    private static X509ChainPolicy Trust(string file)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPemFile(file);
        return policy.CustomTrustStore.Count > 0 ? policy : throw new InvalidDataException($"{file} holds no certificate in PEM.");
    }

    /// <summary>With what lies between it and its authority, which servers may not know.</summary>
    private static SslStreamCertificateContext Certificate(string file, string keyFile)
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(file);
        return SslStreamCertificateContext.Create(X509Certificate2.CreateFromPemFile(file, keyFile), chain, offline: true);
    }

    private static T Load<T>(string file, Func<T> load)
    {
        try
        {
            return load();
        }
        catch (CryptographicException unreadable)
        {
            // The reason names no key.
            throw new InvalidDataException($"{file} cannot be used: {unreadable.Message} It must be PEM; openssl converts from others.");
        }
    }
}
