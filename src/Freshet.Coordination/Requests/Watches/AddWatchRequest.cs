using Freshet.Coordination.Requests.Reads;
using Freshet.Coordination.Watches;
using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Requests.Watches;

/// <summary>addWatch: a watch that stays after it fired, on a znode or on everything below it too.</summary>
internal static class AddWatchRequest
{
    private const int Persistent = 0;
    private const int PersistentRecursive = 1;

    public static ErrorCode Answer(in ReadContext context, ref JuteReader request, JuteWriter reply)
    {
        ReadOnlySpan<byte> path = request.ReadBuffer(out _);
        int mode = request.ReadInt32();
        if (mode is not (Persistent or PersistentRecursive))
        {
            return ErrorCode.MarshallingError;
        }

        context.Watch(mode == Persistent ? WatchKind.Persistent : WatchKind.Recursive, path);
        reply.WriteInt32((int)ErrorCode.Ok);
        return ErrorCode.Ok;
    }
}
