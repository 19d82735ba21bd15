using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace Freshet.Node.Tls;

/// <summary>The certificates of a port, read again when a file has changed since the last handshake.</summary>
internal sealed class TlsFiles
{
    private readonly TlsOptions _options;
    private readonly TlsLog _log;
    private readonly Lock _lock = new();
    private (SslStreamCertificateContext Own, X509Certificate2Collection? Trusted) _current;
    private string _stamp;

    /// <exception cref="InvalidDataException">A file cannot be used; the message says why and what to do.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public TlsFiles(TlsOptions options, ILoggerFactory loggers)
    {
        if (options.CertificateFile is null && options.CertificatePem is null)
        {
            throw new InvalidDataException("A port with TLS needs a certificate. Name its file, or give it as PEM text.");
        }

        if (options.ClientCertificates != ClientCertificates.None && options.TrustFile is null && options.TrustPem is null)
        {
            throw new InvalidDataException("Client certificates are asked for, but no file names the authorities to trust. Give a trust file, or do not ask.");
        }

        (_options, _log) = (options, new TlsLog(loggers.CreateLogger<TlsFiles>()));
        _stamp = Stamp();
        _current = Load();
    }

    /// <summary>The certificates for the next handshake. Looking at the files' times costs little beside a handshake.</summary>
    public (SslStreamCertificateContext Own, X509Certificate2Collection? Trusted) Current()
    {
        lock (_lock)
        {
            string stamp = Stamp();
            if (stamp != _stamp)
            {
                _stamp = stamp;
                Reload();
            }

            return _current;
        }
    }

    private void Reload()
    {
        try
        {
            _current = Load();
            _log.Reloaded(_options.CertificateFile ?? "a text");
        }
        catch (Exception failure) when (failure is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            // Perhaps one file of two is new so far. The next change is tried again.
            _log.NotReloaded(failure.Message);
        }
    }

    private (SslStreamCertificateContext Own, X509Certificate2Collection? Trusted) Load() => (
        _options.CertificatePem is string text
            ? CertificateText.ReadWithKey(text, _options.KeyPem, _options.Password)
            : CertificateFile.ReadWithKey(_options.CertificateFile!, _options.KeyFile, _options.Password),
        _options.TrustPem is string trusted ? CertificateText.ReadTrusted(trusted)
            : _options.TrustFile is string trust ? CertificateFile.ReadTrusted(trust, _options.TrustPassword)
            : null);

    private string Stamp() => string.Join(';', new[] { _options.CertificateFile, _options.KeyFile, _options.TrustFile }
        .Select(path => path is null ? null : new FileInfo(path))
        .Select(file => file is { Exists: true } ? $"{file.LastWriteTimeUtc.Ticks}/{file.Length}" : ""));
}
