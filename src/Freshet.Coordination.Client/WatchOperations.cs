using System.Runtime.CompilerServices;
using Freshet.Coordination.Client.Watches;
using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Client;

/// <summary>Watches as streams.</summary>
public static class WatchOperations
{
    /// <summary>
    /// The znode's data now and after every change, null while it does not exist. Changes faster than the reader are merged:
    /// each value is the newest at the time of reading. Goes on across reconnects; ends with the session.
    /// </summary>
    /// <exception cref="CoordinationException">The service refused, or the session is over.</exception>
    public static IAsyncEnumerable<ZnodeData?> WatchDataAsync(this CoordinationClient client, string path, CancellationToken cancellation = default) =>
        ZnodeFollower.FollowAsync(
            client, path, watch => client.TryGetDataAsync(path, watch, cancellation), data => (data.Stat.Czxid, data.Stat.Mzxid), cancellation);

    /// <summary>
    /// The znode's children now and after every change, null while it does not exist. Changes faster than the reader are merged.
    /// Goes on across reconnects; ends with the session.
    /// </summary>
    /// <exception cref="CoordinationException">The service refused, or the session is over.</exception>
    public static IAsyncEnumerable<ZnodeChildren?> WatchChildrenAsync(this CoordinationClient client, string path, CancellationToken cancellation = default) =>
        ZnodeFollower.FollowAsync(
            client, path, watch => client.TryGetChildrenAsync(path, watch, cancellation), children => (children.Stat.Czxid, children.Stat.Pzxid), cancellation);

    /// <summary>
    /// Every change of a znode, or of all znodes below it too, as the server tells them: a persistent watch (ZooKeeper's addWatch, from
    /// 3.6 on). Leaving the loop removes the watch.
    /// </summary>
    /// <remarks>
    /// An event of type <see cref="WatchEventType.None"/> says "events may be missing before this point; read again what you need": the
    /// first event, once the watch is set; one in place of all unread events when the reader is 10,000 behind; and one after a reconnect to
    /// a server that does not tell what happened while the client was away. Freshet's does, as far back as its <c>MaxEventHistory</c>
    /// reaches; Apache's never. A value read after an event is at least as new as it.
    /// </remarks>
    /// <param name="path">The znode; it need not exist.</param>
    /// <exception cref="CoordinationException">The service refused, or the session is over.</exception>
    public static async IAsyncEnumerable<WatchEvent> WatchEventsAsync(
        this CoordinationClient client, string path, AddWatchMode mode, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentException.ThrowIfNullOrEmpty(path);
        var watch = new PersistentWatch(path);
        WatchKind kind = mode == AddWatchMode.Persistent ? WatchKind.Persistent : WatchKind.Recursive;
        try
        {
            await PersistentWatchSetting.SetAsync(client, kind, watch, cancellation).ConfigureAwait(false);
            await foreach (WatchEvent change in watch.Events.ReadAllAsync(cancellation).ConfigureAwait(false))
            {
                yield return change;
            }
        }
        finally
        {
            PersistentWatchSetting.Remove(client, kind, watch);
        }
    }
}

/// <summary>What a persistent watch watches. The numbers are the wire's.</summary>
public enum AddWatchMode
{
    /// <summary>The znode: created, deleted, data changed, children changed.</summary>
    Persistent = 0,

    /// <summary>The znode and all below it: created, deleted, data changed; never children changed, which those say already.</summary>
    PersistentRecursive = 1,
}
