using Freshet.Protocol.Jute;
using Freshet.Protocol.Jute.Messages;

namespace Freshet.Coordination.Requests.Reads;

/// <summary>multiRead: several getData and getChildren, each answered or failing on its own. Watch bits are ignored.</summary>
internal static class MultiReadRequest
{
    public static ErrorCode Answer(in ReadContext context, ref JuteReader request, JuteWriter reply)
    {
        for (MultiHeader header = MultiHeader.Read(ref request); !header.Done; header = MultiHeader.Read(ref request))
        {
            int start = reply.Length;
            new MultiHeader(header.Type, Done: false, 0).Write(reply);
            ErrorCode error = header.Type switch
            {
                OpCode.GetData => GetDataRequest.Answer(context, ref request, reply, mayWatch: false),
                OpCode.GetChildren => GetChildrenRequest.Answer(context, ref request, reply, withStat: false, mayWatch: false),
                _ => throw new JuteException($"A multiRead cannot hold a request of type {header.Type}."),
            };
            if (error != ErrorCode.Ok)
            {
                reply.Truncate(start);
                new MultiHeader(OpCode.Error, Done: false, (int)error).Write(reply);
                reply.WriteInt32((int)error);
            }
        }

        MultiHeader.End.Write(reply);
        return ErrorCode.Ok;
    }
}
