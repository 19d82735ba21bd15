using System.Text;
using Freshet.Coordination.Client.Connection;

namespace Freshet.Coordination.Client;

/// <summary>What a client proves one of its identities with. It travels as it is: use TLS where somebody might listen.</summary>
/// <param name="Scheme">The scheme, such as <c>digest</c>.</param>
/// <param name="Secret">In the scheme's own form; for <c>digest</c> and <c>sasl</c> the UTF-8 bytes of <c>user:password</c>.</param>
public sealed record ClientCredential(string Scheme, ReadOnlyMemory<byte> Secret)
{
    /// <summary>A user's name and password, for access lists of the scheme <c>digest</c>.</summary>
    public static ClientCredential Digest(string user, string password) => new("digest", Encoding.UTF8.GetBytes($"{user}:{password}"));

    /// <summary>
    /// A user's name and password for SASL with DIGEST-MD5, which tells the password to nobody but is weak. Only in
    /// <see cref="CoordinationClientOptions.Credentials"/>: it goes before everything else on a connection.
    /// </summary>
    public static ClientCredential Sasl(string user, string password) => new(SaslLogin.Scheme, Encoding.UTF8.GetBytes($"{user}:{password}"));

    /// <summary>The scheme only: secrets belong into no log.</summary>
    public override string ToString() => $"{Scheme} credentials";
}
