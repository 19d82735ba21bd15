using Freshet.Coordination.Transactions;
using Freshet.Coordination.Tree;
using Freshet.Protocol.Jute;
using Freshet.Storage.Snapshots;

namespace Freshet.Coordination.Snapshots;

/// <summary>Reads the newest snapshot that is whole. What follows it is in the journal.</summary>
internal static class Recovery
{
    /// <exception cref="InvalidDataException">A snapshot is whole and yet holds another tree than there was.</exception>
    public static ReplicatedState Load(string directory, bool withDigest, CoordinationLog log)
    {
        foreach ((long zxid, string path) in SnapshotFile.List(directory))
        {
            var state = new ReplicatedState(withDigest);
            if (TryRead(path, state, log))
            {
                state.Reach(zxid);
                return state;
            }
        }

        return new ReplicatedState(withDigest);
    }

    /// <summary>False when the snapshot is damaged. An older one does as well, only slower: the journal still has everything since.</summary>
    private static bool TryRead(string path, ReplicatedState state, CoordinationLog log)
    {
        var loader = new TreeLoader(state.Tree);
        try
        {
            SnapshotFile.Read(path, block => StateSnapshot.Read(block, state, loader, path));
            loader.Complete();
            return true;
        }
        catch (Exception damage) when (damage is InvalidDataException or JuteException or EndOfStreamException)
        {
            log.SnapshotSkipped(path, damage.Message);
            return false;
        }
    }
}
