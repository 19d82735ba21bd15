using Freshet.Coordination.Client.Connection;
using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Client;

/// <summary>Who the session is, and who may do what with a znode.</summary>
public static class AclOperations
{
    /// <summary>
    /// Proves an identity to the server. It counts for everything the client does after this call, also on later connections; several
    /// add up. Credentials travel as they are: use a connection that nobody can listen to.
    /// </summary>
    /// <param name="scheme">The scheme, such as <c>digest</c>.</param>
    /// <param name="credentials">In the scheme's own form; for <c>digest</c> the UTF-8 bytes of <c>user:password</c>.</param>
    /// <exception cref="CoordinationException">
    /// <see cref="ErrorCode.AuthFailed"/>: the server refused them. They are forgotten; the session goes on without, on a new connection.
    /// <see cref="ErrorCode.ConnectionLoss"/>: no server was found; they are kept and sent when there is one.
    /// </exception>
    public static async ValueTask AddAuthAsync(
        this CoordinationClient client, string scheme, ReadOnlyMemory<byte> credentials, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentException.ThrowIfNullOrEmpty(scheme);
        if (scheme == SaslLogin.Scheme)
        {
            throw new ArgumentException("SASL goes before everything else: give it in CoordinationClientOptions.Credentials.", nameof(scheme));
        }

        cancellation.ThrowIfCancellationRequested();
        Credential credential = client.Session.Credentials.Add(scheme, credentials.ToArray());
        client.Session.Requests.Wake();
        await credential.Accepted.WaitAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>The identities the server knows of this connection: its address, and what was proved with <see cref="AddAuthAsync"/>. From ZooKeeper 3.7 on.</summary>
    /// <exception cref="CoordinationException"><see cref="ErrorCode.Unimplemented"/>: the server is older.</exception>
    public static ValueTask<IReadOnlyList<ClientIdentity>> WhoAmIAsync(this CoordinationClient client, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        return client.Sender.SendAsync(OpCode.WhoAmI, null, new JuteWriter(), ReadIdentities, cancellation);
    }

    /// <summary>The znode's access list and stat. Without the permission <c>Admin</c> the server hides digests.</summary>
    /// <exception cref="CoordinationException">The service refused, or the session is over.</exception>
    public static ValueTask<ZnodeAcl> GetAclAsync(this CoordinationClient client, string path, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        return client.Sender.SendAsync(
            OpCode.GetAcl, path, client.Sender.BodyFor(path),
            (ref JuteReader reader) => new ZnodeAcl(Acl.ReadList(ref reader) ?? [], Stat.Read(ref reader)), cancellation);
    }

    /// <summary>Replaces the znode's access list.</summary>
    /// <param name="acl">Scheme <c>auth</c> with an empty id stands for every identity the session has proved.</param>
    /// <param name="version">Access list version it must have; -1 for any.</param>
    /// <exception cref="CoordinationException">The service refused, or the session is over.</exception>
    public static ValueTask<Stat> SetAclAsync(
        this CoordinationClient client, string path, IReadOnlyList<Acl> acl, int version = -1, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        JuteWriter body = client.Sender.BodyFor(path);
        Acl.WriteList(body, acl);
        body.WriteInt32(version);
        return client.Sender.SendAsync(OpCode.SetAcl, path, body, Stat.Read, cancellation);
    }

    private static IReadOnlyList<ClientIdentity> ReadIdentities(ref JuteReader reader)
    {
        var identities = new ClientIdentity[reader.ReadCount(2 * sizeof(int))];
        for (int i = 0; i < identities.Length; i++)
        {
            identities[i] = new ClientIdentity(reader.ReadPath(), reader.ReadPath());
        }

        return identities;
    }
}

/// <summary>An identity of a connection.</summary>
/// <param name="Scheme">How it was established, such as <c>ip</c> or <c>digest</c>.</param>
/// <param name="User">Who it is, without secrets.</param>
public sealed record ClientIdentity(string Scheme, string User);
