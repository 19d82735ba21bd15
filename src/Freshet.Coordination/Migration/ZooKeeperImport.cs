using Freshet.Coordination.Snapshots;
using Freshet.Coordination.Transactions;
using Freshet.Coordination.Tree;
using Freshet.Protocol.Jute;
using Freshet.Storage.Journal;
using Freshet.Storage.Snapshots;

namespace Freshet.Coordination.Migration;

/// <summary>What moved from one server's data directory to another's.</summary>
/// <param name="Znodes">Znodes in the result, the root included.</param>
/// <param name="SessionsEnded">Sessions that were open; clients open new ones.</param>
/// <param name="EphemeralsRemoved">Ephemeral znodes of those sessions.</param>
/// <param name="LastZxid">The zxid of the result.</param>
public readonly record struct MovedData(int Znodes, int SessionsEnded, int EphemeralsRemoved, long LastZxid);

/// <summary>Takes over the data of an Apache ZooKeeper server: its newest whole snapshot and the transactions since.</summary>
public static class ZooKeeperImport
{
    /// <summary>Reads a stopped server's directories and writes a new data directory for <see cref="CoordinationService"/>.</summary>
    /// <param name="dataDirectory">Apache's <c>dataDir</c>. It is only read.</param>
    /// <param name="dataLogDirectory">Apache's <c>dataLogDir</c> when it has one of its own, else null.</param>
    /// <param name="target">Where the result goes; created when missing, and refused when it holds data already.</param>
    /// <param name="time">The clock that stamps the end of the sessions.</param>
    /// <exception cref="InvalidDataException">A file is damaged or transactions are missing; the message names it and says what to do.</exception>
    /// <exception cref="IOException">A directory cannot be used.</exception>
    public static MovedData Run(string dataDirectory, string? dataLogDirectory, string target, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(dataDirectory);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(time);
        Directory.CreateDirectory(target);
        if (SnapshotFile.List(target).Count > 0 || SegmentedJournal.Exists(target))
        {
            throw new IOException($"{target} holds data of a coordination service already. Name a new directory.");
        }

        IReadOnlyList<ApacheFile> logs = ApacheFile.Logs(dataLogDirectory ?? dataDirectory);
        ReplicatedState state = ReadSnapshot(dataDirectory, logs);
        Replay(logs, state);
        int sessions = state.Sessions.Count;
        int ephemerals = SessionsEnd.Apply(state, time.GetUtcNow());
        WriteSnapshot(target, state);
        return new MovedData(state.Tree.Count, sessions, ephemerals, state.LastZxid);
    }

    private static ReplicatedState ReadSnapshot(string directory, IReadOnlyList<ApacheFile> logs)
    {
        InvalidDataException? newestDamage = null;
        foreach (ApacheFile file in ApacheFile.Snapshots(directory))
        {
            try
            {
                return ApacheSnapshot.Read(file);
            }
            catch (Exception damage) when (damage is InvalidDataException or EndOfStreamException)
            {
                // Like Apache's own server: a snapshot that is not whole does not count, and an older one does as well.
                newestDamage ??= damage as InvalidDataException ?? new InvalidDataException(damage.Message, damage);
            }
        }

        return newestDamage is not null ? throw newestDamage
            : logs.Count > 0 ? new ReplicatedState()
            : throw new InvalidDataException($"{ApacheFile.Folder(directory)} holds neither snapshots nor transaction logs of Apache ZooKeeper.");
    }

    private static void Replay(IReadOnlyList<ApacheFile> logs, ReplicatedState state)
    {
        for (int i = 0; i < logs.Count; i++)
        {
            if (i + 1 < logs.Count && logs[i + 1].Zxid <= state.LastZxid + 1)
            {
                continue; // the next file begins no later than what is missing
            }

            foreach (ApacheTransaction transaction in ApacheTransactionLog.Read(logs[i]))
            {
                if (transaction.At.Zxid > state.LastZxid)
                {
                    RefuseGap(logs[i], state.LastZxid, transaction.At.Zxid);
                    transaction.Apply(state);
                }
            }
        }
    }

    /// <summary>Within one leader's epoch, the upper half of a zxid, no number is left out.</summary>
    private static void RefuseGap(ApacheFile log, long last, long next)
    {
        if (next >> 32 == last >> 32 && next != last + 1)
        {
            throw new InvalidDataException(
                $"{log.Path} goes on at zxid 0x{next:x} after 0x{last:x}: a transaction log is missing. "
                + "Name the server's dataLogDir if it has one, or start that server once more: it writes a snapshot when it starts.");
        }
    }

    private static void WriteSnapshot(string target, ReplicatedState state)
    {
        const int BlockBytes = 1 << 20;
        using var block = new JuteWriter(BlockBytes * 2);
        using var writer = new SnapshotWriter(target, state.LastZxid);
        StateSnapshot.WriteSessions(block, state.Sessions);
        var walk = new TreeWalk(state.Tree.Root);
        do
        {
            writer.Write(block.WrittenSpan);
            block.Clear();
        }
        while (StateSnapshot.WriteZnodes(block, walk, BlockBytes));
        writer.Commit();
    }
}
