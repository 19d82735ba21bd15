using Freshet.Storage.Files;
using System.Globalization;
using Freshet.Storage.Log.Segments;

namespace Freshet.Storage.Log.Flushing;

/// <summary>
/// What a partition's log remembers beside its batches, in the file <c>log-checkpoint</c>: the offset up to which all is known to
/// be on disk, where recovery begins, the first offset that may be read, and the first that was not compacted.
/// </summary>
/// <param name="RecoveryPoint">Offset after the last batch known to be on disk.</param>
/// <param name="LogStartOffset">First offset that may be read.</param>
/// <param name="FirstDirtyOffset">Offset up to which the log is compacted; 0 also for files of before there was compaction.</param>
internal readonly record struct LogCheckpoint(long RecoveryPoint, long LogStartOffset, long FirstDirtyOffset)
{
    private const string Name = "log-checkpoint";
    private const string Version = "0";

    /// <summary>Reads the checkpoint; without one, or with a damaged one, everything is checked from the start.</summary>
    public static LogCheckpoint Read(string folder)
    {
        string path = Path.Combine(folder, Name);
        string[] lines = File.Exists(path) ? File.ReadAllLines(path) : [];
        return lines is [Version, string recoveryPoint, string logStart, ..]
            && long.TryParse(recoveryPoint, NumberStyles.None, CultureInfo.InvariantCulture, out long recovery)
            && long.TryParse(logStart, NumberStyles.None, CultureInfo.InvariantCulture, out long start)
            ? new LogCheckpoint(recovery, start, lines.Length > 3 && long.TryParse(lines[3], NumberStyles.None, CultureInfo.InvariantCulture, out long dirty) ? dirty : 0)
            : default;
    }

    /// <summary>Replaces the checkpoint in one step.</summary>
    public void Write(string folder, bool force)
    {
        string path = Path.Combine(folder, Name);
        string next = path + SegmentFiles.UnfinishedSuffix;
        using (FileStream file = File.Create(next))
        {
            file.Write(System.Text.Encoding.ASCII.GetBytes(FormattableString.Invariant($"{Version}\n{RecoveryPoint}\n{LogStartOffset}\n{FirstDirtyOffset}\n")));
            file.Flush();
            if (force)
            {
                DataSync.Flush(file.SafeFileHandle);
            }
        }

        File.Move(next, path, overwrite: true);
    }
}
