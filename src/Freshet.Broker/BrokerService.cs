using Freshet.Coordination.Client;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Freshet.Broker;

/// <summary>One broker: recovers its partitions, registers itself in the coordination service, serves connections.</summary>
public sealed class BrokerService : IAsyncDisposable
{
    private BrokerService()
    {
    }

    /// <summary>Recovers the data directory, registers the broker and starts serving.</summary>
    /// <param name="coordination">Keeps brokers and topics; owned by the caller.</param>
    public static ValueTask<BrokerService> StartAsync(
        BrokerOptions options, CoordinationClient coordination, ILoggerFactory loggers, TimeProvider time, CancellationToken cancellation = default) =>
        throw new NotImplementedException();

    /// <summary>Serves one client connection until it closes.</summary>
    public Task ServeAsync(ConnectionContext connection) => throw new NotImplementedException();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
