using Freshet.Coordination.Transactions;
using Freshet.Coordination.Tree;

namespace Freshet.Coordination.Migration;

/// <summary>
/// Ends every session when data moves to another server: clients cannot prove there who they are, so their sessions would
/// only expire. Their ephemeral znodes go with them, in one transaction.
/// </summary>
internal static class SessionsEnd
{
    public static int Apply(ReplicatedState state, DateTimeOffset now)
    {
        var at = new Moment(state.LastZxid + 1, now.ToUnixTimeMilliseconds());
        var walk = new TreeWalk(state.Tree.Root);
        var ephemerals = new List<string>();
        while (walk.MoveNext())
        {
            if (IsEphemeral(walk.Current.Owner))
            {
                ephemerals.Add(ZnodePath.Of(walk.Current));
            }
        }

        foreach (string path in ephemerals)
        {
            state.Tree.Delete(path, at);
        }

        foreach (long session in state.Sessions.All.Select(session => session.Id).ToArray())
        {
            state.Sessions.Close(session);
        }

        state.LastZxid = at.Zxid;
        return ephemerals.Count;
    }

    /// <summary>Apache's session ids may be negative, on servers numbered above 127.</summary>
    private static bool IsEphemeral(long owner) => owner != 0 && !CreateModes.IsContainerOrTtl(owner);
}
