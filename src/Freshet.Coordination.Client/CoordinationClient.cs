using Microsoft.Extensions.Logging;

namespace Freshet.Coordination.Client;

/// <summary>A session with a ZooKeeper-compatible service. Thread-safe; one connection; survives reconnects.</summary>
public sealed class CoordinationClient : IAsyncDisposable
{
    private CoordinationClient()
    {
    }

    /// <summary>Opens a session.</summary>
    public static ValueTask<CoordinationClient> ConnectAsync(
        CoordinationClientOptions options, ILoggerFactory? loggers = null, TimeProvider? time = null, CancellationToken cancellation = default) =>
        throw new NotImplementedException();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
