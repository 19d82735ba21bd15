using Freshet.Coordination.Access;
using Freshet.Coordination.Tree;
using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Transactions;

/// <summary>A znode gets a new access list and the stated access version; no watch hears of it.</summary>
internal sealed class SetAclChange(string path, AclList acl, int aclVersion) : Change
{
    public override ChangeKind Kind => ChangeKind.SetAcl;

    public string Path => path;

    public override void Apply(ReplicatedState state, in Moment at, IStateEvents? events) => state.Tree.SetAcl(path, acl, aclVersion);

    public override void Write(JuteWriter writer)
    {
        writer.WriteString(path);
        acl.Write(writer);
        writer.WriteInt32(aclVersion);
    }

    public static new SetAclChange Read(ref JuteReader reader) => new(reader.ReadPath(), AclList.Read(ref reader), reader.ReadInt32());
}
