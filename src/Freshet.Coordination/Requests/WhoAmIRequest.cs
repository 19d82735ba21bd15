using Freshet.Coordination.Access;
using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Requests;

/// <summary>whoAmI: the identities of the connection, user names only.</summary>
internal static class WhoAmIRequest
{
    public static ErrorCode Answer(in ReadContext context, JuteWriter reply)
    {
        Identities identities = context.Connection.Identities;
        reply.WriteInt32(1 + identities.Proved.Count);
        reply.WriteString("ip");
        reply.WriteString(identities.Address.ToString());
        foreach ((string scheme, string id) in identities.Proved)
        {
            reply.WriteString(scheme);
            reply.WriteString(id.Split(':')[0]);
        }

        return ErrorCode.Ok;
    }
}
