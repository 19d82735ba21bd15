using System.Globalization;
using System.Text;
using Freshet.Protocol;
using Freshet.Storage.Files;
using Microsoft.Extensions.Logging;

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

    /// <summary>Number of the line with the checksum, which files of before it do not have.</summary>
    private const int ChecksumLine = 4;

    /// <summary>Reads the checkpoint; without one, or with a damaged one, everything is checked from the start.</summary>
    public static LogCheckpoint Read(string folder, ILogger logger)
    {
        string path = Path.Combine(folder, Name);
        if (!File.Exists(path))
        {
            return default;
        }

        if (Parse(File.ReadAllLines(path)) is { } checkpoint)
        {
            return checkpoint;
        }

        LogEvents.CheckpointDamaged(logger, path);
        return default;
    }

    /// <summary>Replaces the checkpoint in one step.</summary>
    public void Write(string folder, bool force)
    {
        string text = FormattableString.Invariant($"{Version}\n{RecoveryPoint}\n{LogStartOffset}\n{FirstDirtyOffset}\n");
        DurableFile.Create(Path.Combine(folder, Name), Encoding.ASCII.GetBytes($"{text}{Checksum(text)}\n"), force: force);
    }

    private static LogCheckpoint? Parse(string[] lines) =>
        lines is [Version, string recoveryPoint, string logStart, ..]
        && long.TryParse(recoveryPoint, NumberStyles.None, CultureInfo.InvariantCulture, out long recovery)
        && long.TryParse(logStart, NumberStyles.None, CultureInfo.InvariantCulture, out long start)
        && (lines.Length <= ChecksumLine || lines[ChecksumLine] == Checksum(string.Concat(lines.Take(ChecksumLine).Select(line => line + '\n'))))
            ? new LogCheckpoint(recovery, start, lines.Length > 3 && long.TryParse(lines[3], NumberStyles.None, CultureInfo.InvariantCulture, out long dirty) ? dirty : 0)
            : null;

    private static string Checksum(string text) => Crc32C.Compute(Encoding.ASCII.GetBytes(text)).ToString("x8", CultureInfo.InvariantCulture);
}
