using Freshet.Coordination.Tree;
using Freshet.Coordination.Watches;
using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Requests.Reads;

/// <summary>getData: data and stat.</summary>
internal static class GetDataRequest
{
    public static ErrorCode Answer(in ReadContext context, ref JuteReader request, JuteWriter reply, bool mayWatch = true)
    {
        ReadOnlySpan<byte> path = request.ReadBuffer(out _);
        bool watch = request.ReadBool();
        ErrorCode error = context.Find(path, out Znode? znode);
        if (error != ErrorCode.Ok)
        {
            return error;
        }

        if (watch && mayWatch)
        {
            context.Watch(WatchKind.Data, path);
        }

        znode!.WriteData(reply);
        znode.WriteStat(reply);
        return ErrorCode.Ok;
    }
}
