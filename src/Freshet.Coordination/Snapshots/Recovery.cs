using Freshet.Coordination.Transactions;
using Freshet.Coordination.Tree;
using Freshet.Protocol.Jute;
using Freshet.Storage.Snapshots;

namespace Freshet.Coordination.Snapshots;

/// <summary>Reads the newest snapshot that is whole. What follows it is in the journal.</summary>
internal static class Recovery
{
    public static ReplicatedState Load(string directory, CoordinationLog log)
    {
        foreach ((long zxid, string path) in SnapshotFile.List(directory))
        {
            var state = new ReplicatedState();
            var loader = new TreeLoader(state.Tree);
            try
            {
                SnapshotFile.Read(path, block => StateSnapshot.Read(block, state, loader));
                loader.Complete();
                state.LastZxid = zxid;
                return state;
            }
            catch (Exception damage) when (damage is InvalidDataException or JuteException or EndOfStreamException)
            {
                // An older snapshot does as well, only slower: the journal still has everything since.
                log.SnapshotSkipped(path, damage.Message);
            }
        }

        return new ReplicatedState();
    }
}
