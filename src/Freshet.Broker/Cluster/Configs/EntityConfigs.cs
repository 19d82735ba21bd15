using System.Collections.Concurrent;
using Freshet.Coordination.Client;
using Freshet.Protocol.Jute;
using Microsoft.Extensions.Logging;

namespace Freshet.Broker.Cluster.Configs;

/// <summary>What is set for users, client ids, addresses, groups and subscriptions to clients' metrics: SCRAM credentials, quotas and more, kept where Kafka kept them with ZooKeeper.</summary>
internal sealed class EntityConfigs : IAsyncDisposable
{
    private readonly ClusterStore _store;
    private readonly ZnodeMirror[] _mirrors;
    private readonly ConcurrentDictionary<string, IReadOnlyDictionary<string, string>> _configs = new();

    public EntityConfigs(ClusterStore store, TimeProvider time, ILogger logger)
    {
        _store = store;
        _mirrors = [.. EntityPaths.Roots.Select(root => new ZnodeMirror(store, root, Apply, time, logger))];
    }

    /// <summary>Called after every change.</summary>
    public event Action? Changed;

    /// <summary>All entities with something set, by path.</summary>
    public IEnumerable<KeyValuePair<string, IReadOnlyDictionary<string, string>>> All => _configs;

    public Task StartAsync(CancellationToken cancellation) => Task.WhenAll(_mirrors.Select(mirror => mirror.StartAsync(cancellation).AsTask()));

    /// <summary>Names of the entities right below a root that have something set, without the default.</summary>
    public IEnumerable<string> NamesBelow(string root) => All
        .Where(entity => entity.Key.StartsWith($"{root}/", StringComparison.Ordinal))
        .Select(entity => EntityPaths.Decode(entity.Key[(root.Length + 1)..]))
        .OfType<string>();

    /// <summary>What is set for the entity of a path.</summary>
    public IReadOnlyDictionary<string, string> Of(string path) => _configs.GetValueOrDefault(path) ?? new Dictionary<string, string>();

    /// <summary>Changes what is set for an entity, in one step; when the answer comes, it holds.</summary>
    /// <exception cref="CoordinationException">The coordination service did not do it.</exception>
    public async ValueTask ChangeAsync(string path, Action<Dictionary<string, string>> change, CancellationToken cancellation)
    {
        while (!await TryChangeAsync(path, change, cancellation).ConfigureAwait(false))
        {
        }

        await RefreshAsync(path, cancellation).ConfigureAwait(false);
    }

    /// <summary>Reads what is set for an entity; what was changed is then known at once.</summary>
    public ValueTask RefreshAsync(string path, CancellationToken cancellation) => _mirrors[EntityPaths.RootOf(path)].RefreshAsync(path, cancellation);

    public async ValueTask DisposeAsync()
    {
        foreach (ZnodeMirror mirror in _mirrors)
        {
            await mirror.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>False when somebody else changed it at the same time.</summary>
    private async ValueTask<bool> TryChangeAsync(string path, Action<Dictionary<string, string>> change, CancellationToken cancellation)
    {
        ZnodeData? node = await _store.TryReadAsync(path, cancellation).ConfigureAwait(false);
        Dictionary<string, string> config = _store.Parse<ConfigNode>(path, node?.Data is { Length: > 0 } data ? data : null)?.Config ?? [];
        change(config);
        byte[] changed = ZnodeJson.Write(new ConfigNode(config));
        if (node is null)
        {
            await _store.Coordination.CreatePathAsync(path[..path.LastIndexOf('/')], cancellation).ConfigureAwait(false);
            return await _store.TryCreateAsync(path, changed, CreateMode.Persistent, cancellation).ConfigureAwait(false);
        }

        try
        {
            await _store.Coordination.SetDataAsync(path, changed, node.Stat.Version, cancellation).ConfigureAwait(false);
            return true;
        }
        catch (CoordinationException raced) when (raced.Error is ErrorCode.BadVersion or ErrorCode.NoNode)
        {
            return false;
        }
    }

    private void Apply(IReadOnlyList<KeyValuePair<string, byte[]?>> changes)
    {
        foreach ((string path, byte[]? data) in changes)
        {
            Dictionary<string, string>? config = data is { Length: > 0 } ? _store.Parse<ConfigNode>(path, data)?.Config : null;
            if (config is { Count: > 0 })
            {
                _configs[path] = config;
            }
            else
            {
                _configs.TryRemove(path, out _);
            }
        }

        Changed?.Invoke();
    }
}
