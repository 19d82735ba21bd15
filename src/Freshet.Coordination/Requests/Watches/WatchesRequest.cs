using Freshet.Coordination.Requests.Reads;
using Freshet.Coordination.Watches;
using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Requests.Watches;

/// <summary>checkWatches and removeWatches: whether the connection has watches of a kind on a path, and their removal.</summary>
internal static class WatchesRequest
{
    private static readonly WatchKind[] Every = Enum.GetValues<WatchKind>();

    public static ErrorCode Check(in ReadContext context, ref JuteReader request)
    {
        string path = request.ReadPath();
        foreach (WatchKind kind in Kinds(request.ReadInt32()))
        {
            if (context.Watches.Contains(kind, path, context.Connection))
            {
                return ErrorCode.Ok;
            }
        }

        return ErrorCode.NoWatcher;
    }

    public static ErrorCode Remove(in ReadContext context, ref JuteReader request)
    {
        string path = request.ReadPath();
        ErrorCode result = ErrorCode.NoWatcher;
        foreach (WatchKind kind in Kinds(request.ReadInt32()))
        {
            if (context.Watches.Remove(kind, path, context.Connection))
            {
                result = ErrorCode.Ok;
            }
        }

        return result;
    }

    private static WatchKind[] Kinds(int wireType) => wireType switch
    {
        1 => [WatchKind.Children],
        2 => [WatchKind.Data],
        3 => Every,
        4 => [WatchKind.Persistent],
        5 => [WatchKind.Recursive],
        _ => [],
    };
}
