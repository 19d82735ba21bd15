using System.Globalization;
using System.Text.Json;
using Freshet.Coordination.Client;
using Freshet.Protocol.Jute;
using Microsoft.Extensions.Logging;

namespace Freshet.Broker.Cluster;

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
        byte[] data = ClusterStore.Json(
            new BrokerNode(
                5, options.AdvertisedHost, options.AdvertisedPort, [$"PLAINTEXT://{options.AdvertisedHost}:{options.AdvertisedPort}"],
                new Dictionary<string, string> { ["PLAINTEXT"] = "PLAINTEXT" },
                time.GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
                directory),
            ClusterJson.Default.BrokerNode);
        while (!await store.TryCreateAsync(path, data, CreateMode.Ephemeral, cancellation).ConfigureAwait(false))
        {
            if (await store.Coordination.ExistsAsync(path, cancellation: cancellation).ConfigureAwait(false) is { } stat
                && stat.EphemeralOwner == store.Coordination.SessionId)
            {
                break; // An earlier attempt whose answer was lost.
            }

            if (!await TryRemoveOwnAsync(path, cancellation).ConfigureAwait(false))
            {
                await WaitUntilGoneAsync(path, cancellation).ConfigureAwait(false);
            }
        }

        BrokerLog.Registered(logger, options.BrokerId, options.AdvertisedHost, options.AdvertisedPort);
    }

    /// <summary>Removes a registration of this data directory, which the lock on it proves to be dead.</summary>
    private async ValueTask<bool> TryRemoveOwnAsync(string path, CancellationToken cancellation)
    {
        try
        {
            ZnodeData registered = await store.Coordination.GetDataAsync(path, cancellation: cancellation).ConfigureAwait(false);
            if (registered.Stat.EphemeralOwner == store.Coordination.SessionId || DirectoryOf(registered.Data) != directory)
            {
                return false;
            }

            await store.Coordination.DeleteAsync(path, registered.Stat.Version, cancellation).ConfigureAwait(false);
            return true;
        }
        catch (CoordinationException gone) when (gone.Error == ErrorCode.NoNode)
        {
            return true;
        }
    }

    private static string? DirectoryOf(byte[]? registration)
    {
        try
        {
            return JsonSerializer.Deserialize(registration, ClusterJson.Default.BrokerNode)?.Directory;
        }
        catch (JsonException)
        {
            return null;
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
