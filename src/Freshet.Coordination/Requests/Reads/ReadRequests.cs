using Freshet.Coordination.Requests.Authentication;
using Freshet.Coordination.Requests.Watches;
using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Requests.Reads;

/// <summary>The requests answered without the log, by opcode.</summary>
internal static class ReadRequests
{
    public static ErrorCode Answer(OpCode type, in ReadContext context, ref JuteReader request, JuteWriter reply) => type switch
    {
        OpCode.GetData => GetDataRequest.Answer(context, ref request, reply),
        OpCode.Exists => ExistsRequest.Answer(context, ref request, reply),
        OpCode.GetChildren => GetChildrenRequest.Answer(context, ref request, reply, withStat: false),
        OpCode.GetChildren2 => GetChildrenRequest.Answer(context, ref request, reply, withStat: true),
        OpCode.GetAcl => GetAclRequest.Answer(context, ref request, reply),
        OpCode.Sync => SyncRequest.Answer(ref request, reply),
        OpCode.Ping => ErrorCode.Ok,
        OpCode.MultiRead => MultiReadRequest.Answer(context, ref request, reply),
        OpCode.Auth => AuthRequest.Answer(context, ref request),
        OpCode.Sasl => SaslRequest.Answer(context, ref request, reply),
        OpCode.WhoAmI => WhoAmIRequest.Answer(context, reply),
        OpCode.AddWatch => AddWatchRequest.Answer(context, ref request, reply),
        OpCode.CheckWatches => WatchesRequest.Check(context, ref request),
        OpCode.RemoveWatches => WatchesRequest.Remove(context, ref request),
        OpCode.GetEphemerals => GetEphemeralsRequest.Answer(context, ref request, reply),
        OpCode.GetAllChildrenNumber => GetAllChildrenNumberRequest.Answer(context, ref request, reply),
        OpCode.Reconfig => ErrorCode.ReconfigDisabled, // a single node has no membership to change
        _ => ErrorCode.Unimplemented,
    };
}
