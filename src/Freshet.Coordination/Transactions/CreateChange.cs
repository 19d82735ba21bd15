using Freshet.Coordination.Access;
using Freshet.Coordination.Tree;
using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Transactions;

/// <summary>A znode comes to be.</summary>
/// <param name="path">Final path, sequence suffix included.</param>
/// <param name="data">Its data; null is kept apart from empty.</param>
/// <param name="owner">Session, container or TTL mark, or 0; see <see cref="CreateModes"/>.</param>
/// <param name="creations">The parent's creation counter after this create.</param>
internal sealed class CreateChange(string path, byte[]? data, AclList acl, long owner, int creations) : Change
{
    public override ChangeKind Kind => ChangeKind.Create;

    public string Path => path;

    public override void Apply(ReplicatedState state, in Moment at, IStateEvents? events)
    {
        if (state.Tree.Create(path, data, data is null, acl, owner, creations, at) is Znode znode)
        {
            events?.Created(path, znode, at);
        }
        else
        {
            events?.Swallowed(at);
        }
    }

    public override void Write(JuteWriter writer)
    {
        writer.WriteString(path);
        writer.WriteBuffer(data);
        acl.Write(writer);
        writer.WriteInt64(owner);
        writer.WriteInt32(creations);
    }

    public static new CreateChange Read(ref JuteReader reader) =>
        new(reader.ReadPath(), reader.ReadBytes(), AclList.Read(ref reader), reader.ReadInt64(), reader.ReadInt32());
}
