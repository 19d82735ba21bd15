using Freshet.Coordination.Tree;
using Freshet.Coordination.Watches;
using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Requests.Reads;

/// <summary>getChildren and getChildren2: names of the children, in no order, the latter with the stat.</summary>
internal static class GetChildrenRequest
{
    public static ErrorCode Answer(in ReadContext context, ref JuteReader request, JuteWriter reply, bool withStat, bool mayWatch = true)
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
            context.Watch(WatchKind.Children, path);
        }

        reply.WriteInt32(znode!.ChildCount);
        if (znode.Family is ZnodeFamily family)
        {
            foreach (Znode child in family.Children)
            {
                reply.WriteBuffer(child.Name);
            }
        }

        if (withStat)
        {
            znode.WriteStat(reply);
        }

        return ErrorCode.Ok;
    }
}
