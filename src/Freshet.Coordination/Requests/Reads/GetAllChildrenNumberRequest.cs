using Freshet.Coordination.Tree;
using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Requests.Reads;

/// <summary>getAllChildrenNumber: how many znodes are below one.</summary>
internal static class GetAllChildrenNumberRequest
{
    public static ErrorCode Answer(in ReadContext context, ref JuteReader request, JuteWriter reply)
    {
        ErrorCode error = context.Find(request.ReadBuffer(out _), out Znode? znode);
        if (error == ErrorCode.Ok)
        {
            reply.WriteInt32(znode!.Parent is null ? context.State.Tree.Count - 1 : CountBelow(znode));
        }

        return error;
    }

    private static int CountBelow(Znode znode)
    {
        int count = -1;
        for (var walk = new TreeWalk(znode); walk.MoveNext();)
        {
            count++;
        }

        return count;
    }
}
