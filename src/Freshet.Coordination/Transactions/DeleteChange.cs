using Freshet.Coordination.Tree;
using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Transactions;

/// <summary>A znode ceases to be.</summary>
internal sealed class DeleteChange(string path) : Change
{
    public override ChangeKind Kind => ChangeKind.Delete;

    public override void Apply(ReplicatedState state, in Moment at, IStateEvents? events)
    {
        if (state.Tree.Delete(path, at) is Znode removed)
        {
            events?.Deleted(path, removed, at);
        }
        else
        {
            events?.Swallowed(at);
        }
    }

    public override void Write(JuteWriter writer) => writer.WriteString(path);

    public static new DeleteChange Read(ref JuteReader reader) => new(reader.ReadPath());
}
