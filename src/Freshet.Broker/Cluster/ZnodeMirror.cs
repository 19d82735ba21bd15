using Freshet.Coordination.Client;
using Freshet.Protocol.Jute;
using Microsoft.Extensions.Logging;

namespace Freshet.Broker.Cluster;

/// <summary>
/// Follows all znodes below one. What changed is handed on, one batch at a time: path and data, null for a znode that is gone.
/// While the coordination service is away, what was last known stays.
/// </summary>
internal sealed class ZnodeMirror(
    ClusterStore store, string root, Action<IReadOnlyList<KeyValuePair<string, byte[]?>>> apply, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);
    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _applying = new(1);
    private HashSet<string> _known = [];
    private Task _following = Task.CompletedTask;

    /// <summary>Reads everything once, then follows the changes.</summary>
    public async ValueTask StartAsync(CancellationToken cancellation)
    {
        await store.Coordination.CreatePathAsync(root, cancellation).ConfigureAwait(false);
        await LoadAsync(cancellation).ConfigureAwait(false);
        _following = FollowAsync();
    }

    /// <summary>Reads one znode; what this broker changed itself is then visible at once.</summary>
    public async ValueTask RefreshAsync(string path, CancellationToken cancellation)
    {
        await _applying.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            byte[]? data = (await store.TryReadAsync(path, cancellation).ConfigureAwait(false))?.Data;
            _ = data is null ? _known.Remove(path) : _known.Add(path);
            apply([KeyValuePair.Create(path, data)]);
        }
        finally
        {
            _applying.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _following.ConfigureAwait(false);
        _stopping.Dispose();
        _applying.Dispose();
    }

    private async ValueTask LoadAsync(CancellationToken cancellation)
    {
        await _applying.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var found = new Dictionary<string, byte[]?>();
            await ReadBelowAsync(root, found, cancellation).ConfigureAwait(false);
            var changes = new List<KeyValuePair<string, byte[]?>>(found);
            foreach (string gone in _known.Except(found.Keys))
            {
                changes.Add(new(gone, null));
            }

            _known = [.. found.Keys];
            apply(changes);
        }
        finally
        {
            _applying.Release();
        }
    }

    private async ValueTask ReadBelowAsync(string path, Dictionary<string, byte[]?> found, CancellationToken cancellation)
    {
        ZnodeChildren? children = await store.Coordination.TryGetChildrenAsync(path, cancellation: cancellation).ConfigureAwait(false);
        foreach (string name in children?.Names ?? [])
        {
            string child = $"{path}/{name}";
            if (await store.TryReadAsync(child, cancellation).ConfigureAwait(false) is { } node)
            {
                found[child] = node.Data;
                await ReadBelowAsync(child, found, cancellation).ConfigureAwait(false);
            }
        }
    }

    private async Task FollowAsync()
    {
        try
        {
            while (true)
            {
                await FollowSessionAsync().ConfigureAwait(false);
                await Task.Delay(RetryDelay, time, _stopping.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
        }
    }

    /// <summary>Follows until the session is over; the cluster's next session is taken up by the caller.</summary>
    private async ValueTask FollowSessionAsync()
    {
        try
        {
            await foreach (WatchEvent change in store.Coordination.WatchEventsAsync(root, AddWatchMode.PersistentRecursive, _stopping.Token).ConfigureAwait(false))
            {
                if (change.Type == WatchEventType.None)
                {
                    await LoadAsync(_stopping.Token).ConfigureAwait(false);
                }
                else if (change.Path != root)
                {
                    await RefreshAsync(change.Path, _stopping.Token).ConfigureAwait(false);
                }
            }
        }
        catch (CoordinationException failure)
        {
            BrokerLog.WatchFailed(logger, root, failure);
        }
    }
}
