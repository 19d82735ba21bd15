using System.IO.Pipelines;

namespace Freshet.Coordination.Client;

/// <summary>Where and how to connect.</summary>
public sealed class CoordinationClientOptions
{
    /// <summary>Servers as <c>host:port[,host:port...][/chroot]</c>. Ignored when <see cref="Transport"/> is set.</summary>
    public string ConnectString { get; set; } = "127.0.0.1:2181";

    /// <summary>Session timeout asked for; the server may clamp it.</summary>
    public TimeSpan SessionTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Opens one connection by other means than TCP, for a server in the same process.</summary>
    public Func<CancellationToken, ValueTask<IDuplexPipe>>? Transport { get; set; }
}
