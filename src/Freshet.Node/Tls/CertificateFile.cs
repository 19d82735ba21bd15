using System.Buffers.Binary;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Freshet.Node.Tls;

/// <summary>Reads certificates from PEM and PKCS12 files, told apart by what is in them.</summary>
internal static class CertificateFile
{
    private const uint JksMagic = 0xFEEDFEED;
    private const uint JceksMagic = 0xCECECECE;

    /// <summary>Reads a certificate with its key and the certificates between it and its authority.</summary>
    /// <exception cref="InvalidDataException">The file cannot be used; the message says why and what to do.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static SslStreamCertificateContext ReadWithKey(string path, string? keyPath, string? password) => Read(path, content =>
    {
        X509Certificate2Collection chain = ReadAll(path, content, password);
        X509Certificate2 own = !IsPem(content)
            ? chain.FirstOrDefault(certificate => certificate.HasPrivateKey) ?? throw new InvalidDataException($"{path} holds no certificate with its key.")
            : password is null ? X509Certificate2.CreateFromPemFile(path, keyPath ?? path)
            : X509Certificate2.CreateFromEncryptedPemFile(path, password, keyPath ?? path);
        return SslStreamCertificateContext.Create(own, chain, offline: true);
    });

    /// <summary>Reads the certificates of trusted authorities.</summary>
    /// <inheritdoc cref="ReadWithKey" path="/exception"/>
    public static X509Certificate2Collection ReadTrusted(string path, string? password) => Read(path, content =>
    {
        X509Certificate2Collection trusted = ReadAll(path, content, password);
        return trusted.Count > 0 ? trusted : throw new InvalidDataException($"{path} holds no certificate.");
    });

    private static T Read<T>(string path, Func<byte[], T> read)
    {
        byte[] content = File.ReadAllBytes(path);
        if (content.Length > sizeof(uint) && BinaryPrimitives.ReadUInt32BigEndian(content) is JksMagic or JceksMagic)
        {
            throw new InvalidDataException($"{path} is a Java key store (JKS), which only Java reads. Convert it: "
                + $"keytool -importkeystore -srckeystore {path} -destkeystore {Path.ChangeExtension(path, ".p12")} -deststoretype PKCS12");
        }

        try
        {
            return read(content);
        }
        catch (CryptographicException unreadable)
        {
            // The reason names neither password nor key.
            throw new InvalidDataException(
                $"{path} cannot be read as PEM or PKCS12 certificates: {unreadable.Message} Check the password, and that certificate and key belong together.");
        }
    }

    private static bool IsPem(byte[] content) => content.AsSpan().IndexOf("-----BEGIN "u8) >= 0;

    private static X509Certificate2Collection ReadAll(string path, byte[] content, string? password)
    {
        if (!IsPem(content))
        {
            return X509CertificateLoader.LoadPkcs12Collection(content, password);
        }

        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPemFile(path);
        return certificates;
    }
}
