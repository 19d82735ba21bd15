using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Freshet.Coordination;

/// <summary>One coordination server: recovers its data, then serves every connection handed to it.</summary>
public sealed class CoordinationService : IAsyncDisposable
{
    private CoordinationService()
    {
    }

    /// <summary>Recovers the data directory and starts serving.</summary>
    public static ValueTask<CoordinationService> StartAsync(
        CoordinationOptions options, ILoggerFactory loggers, TimeProvider time, CancellationToken cancellation = default) =>
        throw new NotImplementedException();

    /// <summary>Serves one client connection until it closes.</summary>
    public Task ServeAsync(ConnectionContext connection) => throw new NotImplementedException();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
