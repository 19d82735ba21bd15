using System.Security.Cryptography.X509Certificates;
using Freshet.Protocol;

namespace Freshet.Broker.Access;

/// <summary>Names clients by their certificates: the first rule that fits the subject gives the name.</summary>
internal sealed class CertificatePrincipals
{
    private readonly List<PrincipalRule> _rules;

    /// <param name="rules">In the syntax of Kafka's ssl.principal.mapping.rules.</param>
    /// <exception cref="FormatException">A rule cannot be read; the message says why.</exception>
    public CertificatePrincipals(string rules) => _rules = PrincipalRule.ParseAll(rules);

    /// <summary>Who shows this certificate; null when no rule fits its subject. Nobody known without a certificate.</summary>
    public Principal? Of(X509Certificate2? certificate)
    {
        if (certificate is null)
        {
            return Principal.Anonymous;
        }

        string subject = SubjectName.Of(certificate.SubjectName);
        return _rules.Select(rule => rule.Apply(subject)).FirstOrDefault(name => name is not null) is { } found ? Principal.User(found) : null;
    }
}
