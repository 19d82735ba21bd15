using System.IO.Pipelines;
using System.Net.Security;

namespace Freshet.Coordination.Client;

/// <summary>Where and how to connect, and the client's limits.</summary>
public sealed class CoordinationClientOptions
{
    /// <summary>Servers as <c>host:port[,host:port...][/chroot]</c>, tried in random order. With <see cref="Transport"/> only the chroot counts.</summary>
    public string ConnectString { get; set; } = "127.0.0.1:2181";

    /// <summary>Session timeout asked for; the server may clamp it. Shorter notices a dead client sooner, longer survives longer pauses.</summary>
    public TimeSpan SessionTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long opening the session may take before <see cref="CoordinationClient.ConnectAsync"/> gives up.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Identities proved on every connection, before anything else is asked; <see cref="AclOperations.AddAuthAsync"/> adds more. When the
    /// service refuses one, <see cref="CoordinationClient.ConnectAsync"/> fails.
    /// </summary>
    public IReadOnlyCollection<ClientCredential> Credentials { get; set; } = [];

    /// <summary>
    /// Connects with TLS; null, the default, without. Called for each connection with settings that ask for the server's host name in
    /// its certificate: add client certificates or another trust, or leave them (<c>_ => { }</c>). Without meaning for <see cref="Transport"/>.
    /// </summary>
    public Action<SslClientAuthenticationOptions>? Tls { get; set; }

    /// <summary>Opens one connection by other means than TCP, for a server in the same process.</summary>
    public Func<CancellationToken, ValueTask<IDuplexPipe>>? Transport { get; set; }

    /// <summary>Largest frame accepted from a server, in bytes. The default is ZooKeeper's <c>jute.maxbuffer</c> with room for its header.</summary>
    public int MaxFrameBytes { get; set; } = (4 * 1024 * 1024) + 1024;

    /// <summary>
    /// Most requests waiting for an answer; one more fails with <c>ThrottledOp</c>. Bounds memory while no server answers; the
    /// default is far above what keeps a connection busy.
    /// </summary>
    public int MaxPendingRequests { get; set; } = 65_536;
}
