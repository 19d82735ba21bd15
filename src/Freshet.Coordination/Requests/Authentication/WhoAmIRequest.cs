using Freshet.Coordination.Access;
using Freshet.Coordination.Requests.Reads;
using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Requests.Authentication;

/// <summary>whoAmI: the identities of the connection, user names only.</summary>
internal static class WhoAmIRequest
{
    public static ErrorCode Answer(in ReadContext context, JuteWriter reply)
    {
        IReadOnlyList<Identity> shown = context.Connection.Identities.All;
        reply.WriteInt32(shown.Count(identity => identity.Scheme != "world"));
        foreach (Identity identity in shown.Where(identity => identity.Scheme != "world"))
        {
            reply.WriteString(identity.Scheme);
            reply.WriteString(identity.Provider.UserOf(identity.Id));
        }

        return ErrorCode.Ok;
    }
}
