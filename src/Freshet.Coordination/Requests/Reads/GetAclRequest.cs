using Freshet.Coordination.Access;
using Freshet.Coordination.Tree;
using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Requests.Reads;

/// <summary>getACL: access list and stat, for those who may read or administer the znode.</summary>
internal static class GetAclRequest
{
    public static ErrorCode Answer(in ReadContext context, ref JuteReader request, JuteWriter reply)
    {
        if (context.State.Tree.Find(request.ReadBuffer(out _)) is not Znode znode)
        {
            return ErrorCode.NoNode;
        }

        if (!context.Connection.Identities.Allow(znode.Acl, AclPermissions.Read | AclPermissions.Admin))
        {
            return ErrorCode.NoAuth;
        }

        AccessRules.Show(znode.Acl, context.Connection.Identities).Write(reply);
        znode.WriteStat(reply);
        return ErrorCode.Ok;
    }
}
