using Freshet.Coordination.Tree;
using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Transactions;

/// <summary>A session begins. Its id is the zxid of this transaction: positive, unique and never used again.</summary>
internal sealed class OpenSessionChange(int timeout) : Change
{
    public override ChangeKind Kind => ChangeKind.OpenSession;

    public override void Apply(ReplicatedState state, in Moment at, IStateEvents? events) => state.Sessions.Open(at.Zxid, timeout);

    public override void Write(JuteWriter writer) => writer.WriteInt32(timeout);

    public static new OpenSessionChange Read(ref JuteReader reader) => new(reader.ReadInt32());
}
