using Freshet.Coordination.Client.Connection;
using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Client.Watches;

/// <summary>Asks the server to set and remove persistent watches.</summary>
internal static class PersistentWatchSetting
{
    private const int RemovePersistent = 4;
    private const int RemoveRecursive = 5;

    public static async ValueTask SetAsync(CoordinationClient client, WatchKind kind, PersistentWatch watch, CancellationToken cancellation)
    {
        RequestSender sender = client.Sender;
        JuteWriter body = sender.BodyFor(watch.Path);
        body.WriteInt32((int)(kind == WatchKind.Persistent ? AddWatchMode.Persistent : AddWatchMode.PersistentRecursive));
        ValueTask<bool> answer = default;
        client.Session.Watches.Persistent.Add(kind, sender.Connect.ToServer(watch.Path), watch, () => answer = sender.SendAsync(
            OpCode.AddWatch, watch.Path, body, (ref JuteReader _) => true, cancellation, error =>
            {
                if (error == ErrorCode.Ok)
                {
                    watch.SetFirst();
                }
            }));
        try
        {
            await answer.ConfigureAwait(false);
        }
        catch (CoordinationException lost) when (lost.Error == ErrorCode.ConnectionLoss)
        {
            // The next connection sets it, with all others.
        }
    }

    /// <summary>Removes the watch. A server before 3.9 does not know this for one kind of watch, and tells nobody until the connection ends.</summary>
    public static void Remove(CoordinationClient client, WatchKind kind, PersistentWatch watch)
    {
        RequestSender sender = client.Sender;
        client.Session.Watches.Persistent.Remove(kind, sender.Connect.ToServer(watch.Path), watch, () =>
        {
            JuteWriter body = sender.BodyFor(watch.Path);
            body.WriteInt32(kind == WatchKind.Persistent ? RemovePersistent : RemoveRecursive);
            _ = ForgetAsync(sender.SendAsync(OpCode.RemoveWatches, watch.Path, body, (ref JuteReader _) => true, CancellationToken.None));
        });
    }

    private static async Task ForgetAsync(ValueTask<bool> removal)
    {
        try
        {
            await removal.ConfigureAwait(false);
        }
        catch (CoordinationException)
        {
            // Not set, or gone with its connection.
        }
    }
}
