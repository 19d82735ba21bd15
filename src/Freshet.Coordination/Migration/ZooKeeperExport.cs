using Freshet.Coordination.Snapshots;
using Freshet.Coordination.Transactions;
using Freshet.Storage.Files;
using Freshet.Storage.Journal;
using Microsoft.Extensions.Logging;

namespace Freshet.Coordination.Migration;

/// <summary>Writes the data of a stopped coordination service so that an Apache ZooKeeper server starts from it.</summary>
public static class ZooKeeperExport
{
    /// <summary>Recovers <paramref name="dataDirectory"/> as a start would, and writes one snapshot.</summary>
    /// <param name="dataDirectory">Data directory of a <see cref="CoordinationService"/> that is not running.</param>
    /// <param name="journalDirectory">Its <see cref="CoordinationOptions.JournalDirectory"/>; null when it has none of its own.</param>
    /// <param name="target">The new server's <c>dataDir</c>. Created when missing; refused when it has snapshots or logs already.</param>
    /// <param name="loggers">Where recovery reports what it found.</param>
    /// <param name="time">The clock that stamps the end of the sessions.</param>
    /// <remarks>An Apache ZooKeeper that is to keep TTL znodes needs <c>zookeeper.extendedTypesEnabled=true</c>.</remarks>
    /// <exception cref="InvalidDataException">A file is damaged; the message names it and says what to do.</exception>
    /// <exception cref="IOException">A directory cannot be used.</exception>
    public static async ValueTask<MovedData> RunAsync(string dataDirectory, string? journalDirectory, string target, ILoggerFactory loggers, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(loggers);
        ArgumentNullException.ThrowIfNull(time);
        if (!Directory.Exists(dataDirectory))
        {
            throw new DirectoryNotFoundException($"There is no data directory {dataDirectory}.");
        }

        await using DirectoryLock held = DirectoryLock.Acquire(dataDirectory);
        ReplicatedState state = await RecoverAsync(dataDirectory, journalDirectory, new CoordinationLog(loggers.CreateLogger<CoordinationService>())).ConfigureAwait(false);
        int sessions = state.Sessions.Count;
        int ephemerals = SessionsEnd.Apply(state, time.GetUtcNow());
        string path = ApacheFile.SnapshotPath(target, state.LastZxid);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (ApacheFile.Snapshots(target).Count > 0 || ApacheFile.Logs(target).Count > 0)
        {
            throw new IOException($"{target} holds data of an Apache ZooKeeper already. Name a new directory.");
        }

        ApacheSnapshotWriter.Write(path, state);
        return new MovedData(state.Tree.Count, sessions, ephemerals, state.LastZxid);
    }

    private static async ValueTask<ReplicatedState> RecoverAsync(string directory, string? journalDirectory, CoordinationLog log)
    {
        ReplicatedState state = Recovery.Load(directory, withDigest: false, log);
        await SegmentedJournal.Open(
            new JournalOptions { Directory = journalDirectory ?? directory },
            state.LastZxid,
            (zxid, record) => Transaction.Read(zxid, record).Apply(state, events: null),
            durable: _ => { },
            failed: _ => { }).DisposeAsync().ConfigureAwait(false);
        return state;
    }
}
