using Freshet.Coordination.Sessions;
using Freshet.Coordination.Tree;
using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Transactions;

/// <summary>A session ends, by its client's wish or by expiry, and its ephemeral znodes with it, all in one transaction.</summary>
internal sealed class CloseSessionChange(long session, string[] ephemerals) : Change
{
    public override ChangeKind Kind => ChangeKind.CloseSession;

    public override void Apply(ReplicatedState state, in Moment at, IStateEvents? events)
    {
        foreach (string path in ephemerals)
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

        if (state.Sessions.Close(session) is Session closed)
        {
            events?.SessionClosed(closed);
        }
    }

    public override void Write(JuteWriter writer)
    {
        writer.WriteInt64(session);
        writer.WriteStrings(ephemerals);
    }

    public static new CloseSessionChange Read(ref JuteReader reader) => new(reader.ReadInt64(), reader.ReadStrings());
}
