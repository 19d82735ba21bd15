using System.Globalization;
using Freshet.Coordination.Client;
using Freshet.Protocol.Jute;
using Microsoft.Extensions.Logging;

namespace Freshet.Broker.Cluster.Brokers;

/// <summary>This broker's ephemeral znode: while it is there, the broker lives.</summary>
internal sealed class BrokerRegistration(ClusterStore store, BrokerOptions options, string directory, TimeProvider time, ILogger logger)
{
    /// <summary>
    /// Registers. What a killed process of this data directory left is removed; any other registration must go by itself, as it does
    /// when its session expires.
    /// </summary>
    /// <exception cref="InvalidOperationException">Another living broker has this id.</exception>
    public async ValueTask RegisterAsync(CancellationToken cancellation)
    {
        string path = ClusterPaths.Broker(options.BrokerId);
        // Host and port of their own are for readers from before there were listeners.
        BrokerListener? plain = options.Listeners.FirstOrDefault(listener => listener.Protocol == SecurityProtocol.Plaintext);
        byte[] data = ZnodeJson.Write(
            new BrokerNode(
                5, plain?.Host, plain?.Port ?? -1, [.. options.Listeners.Select(listener => listener.ToString())],
                options.Listeners.ToDictionary(listener => listener.Name, listener => listener.ProtocolName),
                time.GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
                directory));
        while (!await store.TryCreateAsync(path, data, CreateMode.Ephemeral, cancellation).ConfigureAwait(false)
            && !await IsOwnOrMakeWayAsync(path, cancellation).ConfigureAwait(false))
        {
        }

        BrokerLog.Registered(logger, options.BrokerId, options.Listeners);
    }

    /// <summary>
    /// Looks at the registration that stands there: true when it is this session's own, of an earlier attempt whose answer was lost;
    /// otherwise false, once there may be room for another attempt.
    /// </summary>
    private async ValueTask<bool> IsOwnOrMakeWayAsync(string path, CancellationToken cancellation)
    {
        if (await store.TryReadAsync(path, cancellation).ConfigureAwait(false) is not { } standing)
        {
            return false;
        }

        if (standing.Stat.EphemeralOwner == store.Coordination.SessionId)
        {
            return true;
        }

        if (store.Parse<BrokerNode>(path, standing.Data)?.Directory == directory)
        {
            // The lock on the data directory proves that whoever registered it is dead.
            await RemoveAsync(path, standing.Stat.Version, cancellation).ConfigureAwait(false);
        }
        else
        {
            await WaitUntilGoneAsync(path, cancellation).ConfigureAwait(false);
        }

        return false;
    }

    private async ValueTask RemoveAsync(string path, int version, CancellationToken cancellation)
    {
        try
        {
            await store.Coordination.DeleteAsync(path, version, cancellation).ConfigureAwait(false);
        }
        catch (CoordinationException gone) when (gone.Error == ErrorCode.NoNode)
        {
            // Its session expired just now.
        }
    }

    private async ValueTask WaitUntilGoneAsync(string path, CancellationToken cancellation)
    {
        var watch = new ZnodeWatch();
        if (await store.Coordination.ExistsAsync(path, watch, cancellation).ConfigureAwait(false) is null)
        {
            return;
        }

        BrokerLog.WaitingForEarlierSession(logger, options.BrokerId);
        // A session lasts at most its timeout after its last sign of life; twice that leaves room for the server's clock.
        TimeSpan patience = 2 * store.Coordination.SessionTimeout;
        try
        {
            await watch.Fired.WaitAsync(patience, time, cancellation).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new InvalidOperationException(
                $"Another broker with the id {options.BrokerId} is running on the same coordination service ({path}). Give this broker another id or stop the other one.");
        }
    }
}
