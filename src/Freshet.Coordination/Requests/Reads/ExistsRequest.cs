using Freshet.Coordination.Tree;
using Freshet.Coordination.Watches;
using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Requests.Reads;

/// <summary>exists: the stat. The watch is set for a missing znode too, to hear of its creation.</summary>
internal static class ExistsRequest
{
    public static ErrorCode Answer(in ReadContext context, ref JuteReader request, JuteWriter reply)
    {
        ReadOnlySpan<byte> path = request.ReadBuffer(out _);
        bool watch = request.ReadBool();
        if (path.Contains((byte)0))
        {
            return ErrorCode.BadArguments;
        }

        ErrorCode error = context.Find(path, out Znode? znode);
        if (watch && error != ErrorCode.NoAuth)
        {
            context.Watch(WatchKind.Data, path);
        }

        if (error == ErrorCode.Ok)
        {
            znode!.WriteStat(reply);
        }

        return error;
    }
}
