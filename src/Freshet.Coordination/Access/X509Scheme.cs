using System.Security.Cryptography.X509Certificates;
using Freshet.Protocol;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace Freshet.Coordination.Access;

/// <summary>
/// The scheme <c>x509</c>: the identity is the subject of the client's certificate. Whether that is to be trusted the TLS listener
/// has decided: it must let no certificate through that it has not verified.
/// </summary>
/// <param name="superUser">The subject that passes every access list; null for none.</param>
internal sealed class X509Scheme(string? superUser) : IAuthenticationProvider
{
    public string Scheme => "x509";

    public IEnumerable<string> Identify(ConnectionContext connection) =>
        connection.Features.Get<ITlsConnectionFeature>()?.ClientCertificate is X509Certificate2 certificate ? [SubjectName.Of(certificate.SubjectName)] : [];

    public bool IsValid(string id) => id.Contains('=', StringComparison.Ordinal);

    public bool IsSuper(string identity) => identity == superUser;
}
