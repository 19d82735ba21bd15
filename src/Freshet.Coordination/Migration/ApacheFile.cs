using System.Globalization;

namespace Freshet.Coordination.Migration;

/// <summary>A snapshot or transaction log of Apache ZooKeeper, named after a zxid in hexadecimal.</summary>
internal readonly record struct ApacheFile(long Zxid, string Path)
{
    /// <summary>Apache keeps its files one folder below dataDir and dataLogDir.</summary>
    private const string VersionFolder = "version-2";
    private const string SnapshotPrefix = "snapshot.";
    private const string LogPrefix = "log.";

    /// <summary>Snapshots, newest first. The zxid is the last one applied when the snapshot began.</summary>
    public static IReadOnlyList<ApacheFile> Snapshots(string dataDirectory) => [.. List(dataDirectory, SnapshotPrefix).OrderByDescending(file => file.Zxid)];

    /// <summary>Transaction logs, oldest first. The zxid is that of the first transaction inside.</summary>
    public static IReadOnlyList<ApacheFile> Logs(string dataLogDirectory) => [.. List(dataLogDirectory, LogPrefix).OrderBy(file => file.Zxid)];

    /// <summary>Where the files of a dataDir are; a folder that is version-2 itself does as well.</summary>
    public static string Folder(string directory)
    {
        string inside = System.IO.Path.Combine(directory, VersionFolder);
        return Directory.Exists(inside) ? inside : directory;
    }

    /// <summary>Where Apache ZooKeeper looks for a snapshot of this zxid.</summary>
    public static string SnapshotPath(string dataDirectory, long zxid) =>
        System.IO.Path.Combine(dataDirectory, VersionFolder, SnapshotPrefix + zxid.ToString("x", CultureInfo.InvariantCulture));

    private static IEnumerable<ApacheFile> List(string directory, string prefix) =>
        from path in Directory.EnumerateFiles(Folder(directory), prefix + "*")
        // A compressed snapshot has one more ending.
        let name = System.IO.Path.GetFileName(path)[prefix.Length..].Split('.')[0]
        let zxid = long.TryParse(name, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out long parsed) ? parsed : -1
        where zxid >= 0
        select new ApacheFile(zxid, path);
}
