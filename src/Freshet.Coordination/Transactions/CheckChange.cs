using Freshet.Coordination.Tree;
using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Transactions;

/// <summary>A version check that held. It changes nothing; the log has it because every write has its place there.</summary>
internal sealed class CheckChange(string path) : Change
{
    public override ChangeKind Kind => ChangeKind.Check;

    public override void Apply(ReplicatedState state, in Moment at, IStateEvents? events)
    {
    }

    public override void Write(JuteWriter writer) => writer.WriteString(path);

    public static new CheckChange Read(ref JuteReader reader) => new(reader.ReadPath());
}
