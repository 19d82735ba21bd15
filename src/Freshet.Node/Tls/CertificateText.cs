using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;

namespace Freshet.Node.Tls;

/// <summary>Reads certificates from PEM that is given as text, also where a configuration file has made one line of it.</summary>
internal static partial class CertificateText
{
    /// <summary>Reads a certificate with its key and the certificates between it and its authority.</summary>
    /// <exception cref="InvalidDataException">The text cannot be used; the message says why and what to do.</exception>
    public static SslStreamCertificateContext ReadWithKey(string chain, string? key, string? password) => Read("The certificate", () =>
    {
        (string certificates, string keyText) = (InLines(chain), InLines(key ?? chain));
        var all = new X509Certificate2Collection();
        all.ImportFromPem(certificates);
        X509Certificate2 own = password is null
            ? X509Certificate2.CreateFromPem(certificates, keyText)
            : X509Certificate2.CreateFromEncryptedPem(certificates, keyText, password);
        return SslStreamCertificateContext.Create(own, all, offline: true);
    });

    /// <summary>Reads the certificates of trusted authorities.</summary>
    /// <inheritdoc cref="ReadWithKey" path="/exception"/>
    public static X509Certificate2Collection ReadTrusted(string certificates) => Read("The text of trusted authorities", () =>
    {
        var trusted = new X509Certificate2Collection();
        trusted.ImportFromPem(InLines(certificates));
        return trusted.Count > 0 ? trusted : throw new CryptographicException("There is no certificate in it.");
    });

    /// <summary>Gives begin, body and end of each part lines of their own.</summary>
    public static string InLines(string text) => Part().Replace(
        text, part => $"-----BEGIN {part.Groups["label"].Value}-----\n{Space().Replace(part.Groups["body"].Value, "")}\n-----END {part.Groups["label"].Value}-----\n");

    private static T Read<T>(string what, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception unreadable) when (unreadable is CryptographicException or ArgumentException)
        {
            // The reason names neither password nor key.
            throw new InvalidDataException($"{what} cannot be read as PEM: {unreadable.Message} Check the password, and that certificate and key belong together.");
        }
    }

    [GeneratedRegex(@"-----BEGIN (?<label>[A-Z0-9 ]+)-----(?<body>[A-Za-z0-9+/=\s]+)-----END \k<label>-----")]
    private static partial Regex Part();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
