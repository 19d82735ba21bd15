using Freshet.Coordination.Client;
using Freshet.Protocol.Jute;

namespace Freshet.Broker.Cluster.Configs;

/// <summary>Reads and writes the settings of topics and brokers in the coordination service.</summary>
internal sealed class ConfigStore(ClusterStore store)
{
    private const int NotThere = -1;

    /// <summary>What is set there, and the version to change it by.</summary>
    public async ValueTask<(Dictionary<string, string> Settings, int Version)> ReadAsync(string path, CancellationToken cancellation) =>
        await store.TryReadAsync(path, cancellation).ConfigureAwait(false) is { } node
            ? (store.Parse<ConfigNode>(path, node.Data)?.Config ?? [], node.Stat.Version)
            : ([], NotThere);

    /// <summary>Writes settings; false when they changed since they were read.</summary>
    /// <param name="touch">A znode that is written with what it has, because other brokers watch it and not the settings; null for none.</param>
    public async ValueTask<bool> TryWriteAsync(
        string path, IReadOnlyDictionary<string, string> settings, int version, string? touch, CancellationToken cancellation)
    {
        byte[] data = ZnodeJson.Write(new ConfigNode(new Dictionary<string, string>(settings)));
        var transaction = new CoordinationTransaction();
        transaction = version == NotThere ? transaction.Create(path, data) : transaction.SetData(path, data, version);
        if (touch is not null)
        {
            ZnodeData watched = await store.Coordination.GetDataAsync(touch, cancellation: cancellation).ConfigureAwait(false);
            transaction = transaction.SetData(touch, watched.Data, watched.Stat.Version);
        }

        try
        {
            await store.Coordination.CommitAsync(transaction, cancellation).ConfigureAwait(false);
            return true;
        }
        catch (CoordinationException conflict) when (conflict.Error is ErrorCode.NodeExists or ErrorCode.NoNode or ErrorCode.BadVersion)
        {
            return false;
        }
    }
}
