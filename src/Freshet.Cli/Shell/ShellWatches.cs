using Freshet.Coordination.Client;
using Freshet.Protocol.Jute;

namespace Freshet.Cli.Shell;

/// <summary>The watches set from this shell, and the events they bring.</summary>
/// <param name="show">Prints an event.</param>
internal sealed class ShellWatches(Action<Answer> show)
{
    private readonly Dictionary<string, (CancellationTokenSource Stop, Task Following)> _following = [];
    private readonly List<Task> _once = [];

    /// <summary>Whether events are printed.</summary>
    public bool AreShown { get; set; } = true;

    /// <summary>Completes when no watch can bring an event any more.</summary>
    public Task OverAsync() => Task.WhenAll([.. _once, .. _following.Values.Select(watch => watch.Following)]);

    public void ShowWhenFired(ZnodeWatch watch) => _once.Add(ShowWhenFiredAsync(watch));

    /// <summary>Shows every event of a persistent watch until it is stopped.</summary>
    public void Follow(CoordinationClient client, string path, AddWatchMode mode)
    {
        if (_following.ContainsKey(path))
        {
            throw new ShellException($"{path} is watched already; 'removewatches {path}' ends that.");
        }

        var stop = new CancellationTokenSource();
        _following.Add(path, (stop, FollowAsync(client, path, mode, stop.Token)));
    }

    public async ValueTask<bool> StopAsync(string path)
    {
        if (!_following.Remove(path, out (CancellationTokenSource Stop, Task Following) watch))
        {
            return false;
        }

        await watch.Stop.CancelAsync();
        await watch.Following;
        watch.Stop.Dispose();
        return true;
    }

    public async ValueTask StopAllAsync()
    {
        foreach (string path in _following.Keys.ToArray())
        {
            await StopAsync(path);
        }
    }

    private async Task ShowWhenFiredAsync(ZnodeWatch watch)
    {
        try
        {
            Show(await watch.Fired);
        }
        catch (CoordinationException)
        {
            // The session ended before anything happened, or the znode was not there to be watched.
        }
    }

    private async Task FollowAsync(CoordinationClient client, string path, AddWatchMode mode, CancellationToken stop)
    {
        try
        {
            await foreach (WatchEvent change in client.WatchEventsAsync(path, mode, stop))
            {
                Show(change);
            }
        }
        catch (OperationCanceledException)
        {
            // removewatches
        }
        catch (CoordinationException failure)
        {
            show(new Answer(failure.Message, new { error = failure.Error, message = failure.Message }));
        }
    }

    private void Show(WatchEvent change)
    {
        if (!AreShown)
        {
            return;
        }

        // An event without a type marks where events may be missing: after a reconnect, and at the start, where it says nothing new.
        show(change.Type == WatchEventType.None
            ? new Answer($"watching {change.Path}", new { watching = change.Path })
            : new Answer($"{change.Type} {change.Path}", new { @event = change.Type, path = change.Path }));
    }
}
