using Freshet.Coordination.Tree;
using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Transactions;

/// <summary>A write that was refused. It leaves no trace except its zxid.</summary>
internal sealed class FailureChange(ErrorCode error) : Change
{
    public override ChangeKind Kind => ChangeKind.Failure;

    public ErrorCode Error => error;

    public override void Apply(ReplicatedState state, in Moment at, IStateEvents? events)
    {
    }

    public override void Write(JuteWriter writer) => writer.WriteInt32((int)error);

    public static new FailureChange Read(ref JuteReader reader) => new((ErrorCode)reader.ReadInt32());
}
