using System.Net.Security;
using System.Security.Authentication;
using Freshet.Node.Tls;

namespace Freshet.Node.Configuration;

/// <summary>The lines of a zoo.cfg about what TLS may be spoken: <c>ssl.protocol</c>, <c>ssl.enabledProtocols</c>, <c>ssl.ciphersuites</c>.</summary>
internal sealed class TlsProtocolSettings
{
    private SslProtocols? _upTo;
    private SslProtocols? _enabled;
    private TlsCipherSuite[]? _suites;

    /// <summary>The newest protocol, and those before it that are spoken too. <c>ssl.enabledProtocols</c> counts more.</summary>
    public void SetNewest(ConfigurationEntry line) =>
        _upTo = Protocol(line, line.Value) == SslProtocols.Tls13 ? SslProtocols.Tls12 | SslProtocols.Tls13 : SslProtocols.Tls12;

    public void SetEnabled(ConfigurationEntry line) =>
        _enabled = Names(line).Aggregate(SslProtocols.None, (all, name) => all | Protocol(line, name));

    public void SetSuites(ConfigurationEntry line) => _suites = [.. Names(line).Select(name =>
        Enum.TryParse(name, out TlsCipherSuite suite) ? suite : throw line.Wrong("Name suites as IANA does, such as TLS_AES_256_GCM_SHA384, separated by commas."))];

    public void ApplyTo(TlsOptions tls)
    {
        tls.Protocols = _enabled ?? _upTo ?? tls.Protocols;
        tls.CipherSuites = _suites;
    }

    private static string[] Names(ConfigurationEntry line)
    {
        string[] names = line.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return names.Length > 0 ? names : throw line.Wrong("It names none; remove the line to leave the choice to Freshet.");
    }

    private static SslProtocols Protocol(ConfigurationEntry line, string name) => name switch
    {
        "TLSv1.2" => SslProtocols.Tls12,
        "TLSv1.3" => SslProtocols.Tls13,
        _ => throw line.Wrong("TLSv1.2 and TLSv1.3 are spoken; older ones are not safe."),
    };
}
