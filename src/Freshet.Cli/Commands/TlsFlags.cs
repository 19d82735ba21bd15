using System.CommandLine;
using Freshet.Node.Tls;

namespace Freshet.Cli.Commands;

/// <summary>The flags of a port with TLS. A password comes in a file, because arguments are seen by everyone on the machine.</summary>
internal sealed class TlsFlags
{
    private readonly Option<int?> _port = ServiceOptions.OptionalPort("--tls-port", "Port to listen on with TLS; 0 takes a free one. Without it there is none.");
    private readonly Option<string?> _certificate = new("--tls-certificate") { Description = "The server's certificate: PEM, or PKCS12 with its key." };
    private readonly Option<string?> _key = new("--tls-key") { Description = "The certificate's key as PEM, when it is in a file of its own." };
    private readonly Option<string?> _passwordFile = new("--tls-password-file") { Description = "File with the password of the certificate or key." };
    private readonly Option<string?> _trust = new("--tls-trust") { Description = "Certificates of the authorities whose clients are trusted: PEM or PKCS12 without a password." };
    private readonly Option<ClientCertificates> _clients = new("--tls-client-certificate") { Description = "Whether clients show a certificate." };
    private readonly Option<bool> _unification = new("--port-unification") { Description = "Let clients of the port without TLS begin with it, too; --tls-port may then be left out." };

    public void AddTo(Command command)
    {
        Option[] all = [_port, _certificate, _key, _passwordFile, _trust, _clients, _unification];
        Array.ForEach(all, command.Options.Add);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_certificate) is null && (result.GetValue(_port) is not null || result.GetValue(_unification)))
            {
                result.AddError("--tls-port and --port-unification need --tls-certificate FILE.");
            }
        });
    }

    /// <summary>The port with TLS; null when the flags ask for none.</summary>
    /// <exception cref="IOException">The password file cannot be read.</exception>
    public TlsOptions? SecurePort(ParseResult parsed) => parsed.GetValue(_port) is int port ? Complete(parsed, port) : null;

    /// <summary>TLS on the port without; null when the flags ask for none.</summary>
    /// <exception cref="IOException">The password file cannot be read.</exception>
    public TlsOptions? ClientPort(ParseResult parsed) => parsed.GetValue(_unification) ? Complete(parsed, port: 0) : null;

    private TlsOptions Complete(ParseResult parsed, int port) => new()
    {
        Port = port,
        CertificateFile = parsed.GetValue(_certificate)!,
        KeyFile = parsed.GetValue(_key),
        Password = parsed.GetValue(_passwordFile) is string file ? File.ReadAllText(file).TrimEnd('\r', '\n') : null,
        ClientCertificates = parsed.GetValue(_clients),
        TrustFile = parsed.GetValue(_trust),
    };
}
