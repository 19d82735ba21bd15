using Freshet.Broker.Cluster.Brokers;
using Freshet.Coordination.Client;
using Microsoft.Extensions.Logging;

namespace Freshet.Broker.Cluster;

/// <summary>
/// Keeps this broker in the cluster: registers it, follows the cluster's changes, and when the session with the coordination
/// service is over, opens a new one and does both again. Meanwhile the broker serves what it knows.
/// </summary>
internal sealed class ClusterSession(
    ClusterStore store, BrokerRegistration registration, ClusterState cluster, BrokerOptions options, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);
    private readonly CancellationTokenSource _stopping = new();
    private CoordinationClient? _reopened;
    private Task _keeping = Task.CompletedTask;

    /// <summary>The cluster's id.</summary>
    public string ClusterId { get; private set; } = "";

    public async ValueTask StartAsync(CancellationToken cancellation)
    {
        await store.CreateRootsAsync(cancellation).ConfigureAwait(false);
        ClusterId = await store.ClusterIdAsync(cancellation).ConfigureAwait(false);
        ClusterIdFile.Check(options.DataDirectory, ClusterId);
        await registration.RegisterAsync(cancellation).ConfigureAwait(false);
        await cluster.StartAsync(cancellation).ConfigureAwait(false);
        _keeping = KeepAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _keeping.ConfigureAwait(false);
        if (_reopened is not null)
        {
            await _reopened.DisposeAsync().ConfigureAwait(false);
        }

        _stopping.Dispose();
    }

    private async Task KeepAsync()
    {
        try
        {
            while (true)
            {
                await SessionOverAsync().ConfigureAwait(false);
                BrokerLog.SessionOver(logger);
                if (options.ReopenCoordination is null)
                {
                    return;
                }

                while (!await TryReopenAsync(options.ReopenCoordination).ConfigureAwait(false))
                {
                    await Task.Delay(RetryDelay, time, _stopping.Token).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
        }
    }

    private async ValueTask SessionOverAsync()
    {
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration registered = store.Coordination.SessionOver.Register(() => over.TrySetResult());
        await over.Task.WaitAsync(_stopping.Token).ConfigureAwait(false);
    }

    private async ValueTask<bool> TryReopenAsync(Func<CancellationToken, ValueTask<CoordinationClient>> reopen)
    {
        try
        {
            if (_reopened is not null)
            {
                await _reopened.DisposeAsync().ConfigureAwait(false);
            }

            _reopened = await reopen(_stopping.Token).ConfigureAwait(false);
            store.Use(_reopened);
            await store.CreateRootsAsync(_stopping.Token).ConfigureAwait(false);
            if (await store.ClusterIdAsync(_stopping.Token).ConfigureAwait(false) is var id && id != ClusterId)
            {
                throw new InvalidOperationException($"The coordination service now belongs to another cluster ({id} instead of {ClusterId}).");
            }

            await registration.RegisterAsync(_stopping.Token).ConfigureAwait(false);
            await cluster.StartAsync(_stopping.Token).ConfigureAwait(false);
            return true;
        }
        catch (Exception failure) when (failure is CoordinationException or InvalidOperationException or IOException)
        {
            BrokerLog.ReopenFailed(logger, failure);
            return false;
        }
    }
}
