using Freshet.Broker.Cluster;
using Freshet.Coordination.Client;
using Freshet.Protocol.Jute;
using Freshet.Protocol.Kafka.Messages;
using Microsoft.Extensions.Logging;

namespace Freshet.Broker.Access;

/// <summary>Keeps the access rules in the coordination service, and the authorizer up to date with them.</summary>
internal sealed class AclStore : IAsyncDisposable
{
    private readonly ClusterStore _store;
    private readonly Authorizer _authorizer;
    private readonly ZnodeMirror[] _mirrors;
    private readonly Dictionary<string, AclBinding[]> _byPath = [];

    public AclStore(ClusterStore store, Authorizer authorizer, TimeProvider time, ILogger logger)
    {
        _store = store;
        _authorizer = authorizer;
        _mirrors = [new ZnodeMirror(store, AclPaths.Literal, Apply, time, logger), new ZnodeMirror(store, AclPaths.Extended, Apply, time, logger)];
    }

    public Task StartAsync(CancellationToken cancellation) => Task.WhenAll(_mirrors.Select(mirror => mirror.StartAsync(cancellation).AsTask()));

    /// <summary>Adds rules of one resource; those that are there already stay. When the answer comes, they hold.</summary>
    /// <exception cref="CoordinationException">The coordination service did not do it.</exception>
    public ValueTask AddAsync(IReadOnlyCollection<AclBinding> sameResource, CancellationToken cancellation) =>
        ChangeAsync(PathOf(sameResource.First()), present => [.. present.Union(sameResource)], cancellation);

    /// <summary>Removes rules of one resource. When the answer comes, they hold no longer.</summary>
    /// <inheritdoc cref="AddAsync" path="/exception"/>
    public ValueTask RemoveAsync(IReadOnlyCollection<AclBinding> sameResource, CancellationToken cancellation) =>
        ChangeAsync(PathOf(sameResource.First()), present => [.. present.Except(sameResource)], cancellation);

    public async ValueTask DisposeAsync()
    {
        foreach (ZnodeMirror mirror in _mirrors)
        {
            await mirror.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static string PathOf(AclBinding binding) => AclPaths.Of(binding.ResourceType, binding.ResourceName, binding.PatternType);

    private async ValueTask ChangeAsync(string path, Func<AclBinding[], AclBinding[]> change, CancellationToken cancellation)
    {
        while (!await TryChangeAsync(path, change, cancellation).ConfigureAwait(false))
        {
        }

        ZnodeMirror mirror = _mirrors[path.StartsWith(AclPaths.Extended, StringComparison.Ordinal) ? 1 : 0];
        await mirror.RefreshAsync(path, cancellation).ConfigureAwait(false);
    }

    /// <summary>False when somebody else changed it at the same time.</summary>
    private async ValueTask<bool> TryChangeAsync(string path, Func<AclBinding[], AclBinding[]> change, CancellationToken cancellation)
    {
        ZnodeData? node = await _store.TryReadAsync(path, cancellation).ConfigureAwait(false);
        AclBinding[] changed = change(Read(path, node?.Data));
        try
        {
            if (node is null && changed.Length > 0)
            {
                await _store.Coordination.CreatePathAsync(path[..path.LastIndexOf('/')], cancellation).ConfigureAwait(false);
                return await _store.TryCreateAsync(path, Write(changed), CreateMode.Persistent, cancellation).ConfigureAwait(false);
            }

            if (node is not null && changed.Length == 0)
            {
                await _store.Coordination.DeleteAsync(path, node.Stat.Version, cancellation).ConfigureAwait(false);
            }
            else if (node is not null)
            {
                await _store.Coordination.SetDataAsync(path, Write(changed), node.Stat.Version, cancellation).ConfigureAwait(false);
            }

            return true;
        }
        catch (CoordinationException raced) when (raced.Error is ErrorCode.BadVersion or ErrorCode.NoNode)
        {
            return false;
        }
    }

    private static byte[] Write(AclBinding[] bindings) => ZnodeJson.Write(
        new AclNode([.. bindings.Select(binding => new AclEntry(binding.Principal, binding.Permission.ToString(), binding.Operation.ToString(), binding.Host))]));

    private AclBinding[] Read(string path, byte[]? data) =>
        AclPaths.Parse(path) is var (type, name, pattern) && data is { Length: > 0 }
            ? [
                .. from entry in _store.Parse<AclNode>(path, data)?.Entries ?? []
                   where entry.Principal is not null && entry.Host is not null
                   select new AclBinding(
                       type, name, pattern, entry.Principal!, entry.Host!,
                       // A rule that cannot be read must not open what it may mean to close: it counts as one that denies everything.
                       Enum.TryParse(entry.Operation, out AclOperation operation) ? operation : AclOperation.All,
                       Enum.TryParse(entry.Permission, out AclPermission permission) ? permission : AclPermission.Deny),
            ]
            : [];

    private void Apply(IReadOnlyList<KeyValuePair<string, byte[]?>> changes)
    {
        lock (_byPath)
        {
            foreach ((string path, byte[]? data) in changes)
            {
                _byPath[path] = Read(path, data);
                if (_byPath[path].Length == 0)
                {
                    _byPath.Remove(path);
                }
            }

            _authorizer.Rules = new AclRules(_byPath.Values.SelectMany(bindings => bindings));
        }
    }
}
