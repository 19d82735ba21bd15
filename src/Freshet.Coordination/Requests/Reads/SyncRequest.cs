using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Requests.Reads;

/// <summary>
/// sync: echoes the path once this server has caught up. A single node always has: a write that anybody was told of is
/// applied, and the session's own earlier writes are waited for like before any read.
/// </summary>
internal static class SyncRequest
{
    public static ErrorCode Answer(ref JuteReader request, JuteWriter reply)
    {
        reply.WriteBuffer(request.ReadBuffer(out _));
        return ErrorCode.Ok;
    }
}
