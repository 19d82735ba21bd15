using Microsoft.AspNetCore.Connections;

namespace Freshet.Coordination.Access;

/// <summary>
/// One authentication scheme: how connections come by identities under it, and which entries of access lists name them.
/// Called for one connection at a time, between requests of all: it must not block.
/// </summary>
public interface IAuthenticationProvider
{
    /// <summary>The scheme's name in access lists and <c>auth</c> requests, for example <c>digest</c>.</summary>
    string Scheme { get; }

    /// <summary>
    /// Whether an identity under the scheme says who someone is. False for those that everybody has, such as an address: an access
    /// list entry <c>auth</c> does not stand for them.
    /// </summary>
    bool IsAuthenticated => true;

    /// <summary>The identities that a new connection has without asking: from its address or its certificate, say.</summary>
    IEnumerable<string> Identify(ConnectionContext connection) => [];

    /// <summary>The identity that the credentials of an <c>auth</c> request prove; null refuses them, which ends the connection.</summary>
    string? Authenticate(ConnectionContext connection, ReadOnlySpan<byte> credentials) => null;

    /// <summary>Whether access lists may name this; otherwise they are refused with <c>InvalidAcl</c>.</summary>
    bool IsValid(string id);

    /// <summary>Whether a connection's identity is the one that an access list names.</summary>
    /// <param name="identity">What the connection has, as <see cref="Identify"/> or <see cref="Authenticate"/> said it.</param>
    /// <param name="listed">What the access list has; <see cref="IsValid"/> allowed it.</param>
    bool Matches(string identity, string listed) => identity == listed;

    /// <summary>Whether a connection with this identity passes every access list.</summary>
    bool IsSuper(string identity) => false;

    /// <summary>What others may see of an identity: a name without secrets.</summary>
    string UserOf(string identity) => identity;
}
