using System.Globalization;
using Freshet.Storage.Files;
using Microsoft.Win32.SafeHandles;

namespace Freshet.Storage.Journal;

/// <summary>One file of the journal, named after its first sequence: <c>journal.000000000000002a</c>.</summary>
internal sealed class JournalSegment : IDisposable
{
    private const string Prefix = "journal.";
    private readonly SafeFileHandle _file;

    private JournalSegment(string path, long end)
    {
        _file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read);
        End = end;
    }

    /// <summary>Bytes written so far.</summary>
    public long End { get; private set; }

    /// <summary>Creates the file and makes its name durable, so that a crash cannot lose a synced file by losing its entry.</summary>
    public static JournalSegment Create(string directory, long firstSequence)
    {
        string path = Path.Combine(directory, Prefix + firstSequence.ToString("x16", CultureInfo.InvariantCulture));
        File.Delete(path);
        var segment = new JournalSegment(path, 0);
        DirectorySync.Flush(directory);
        return segment;
    }

    /// <summary>Opens a recovered file to append behind <paramref name="end"/>; what stood there, an unfinished write, is cut off.</summary>
    public static JournalSegment Continue(string path, long end)
    {
        var segment = new JournalSegment(path, end);
        if (RandomAccess.GetLength(segment._file) > end)
        {
            RandomAccess.SetLength(segment._file, end);
            RandomAccess.FlushToDisk(segment._file);
        }

        return segment;
    }

    /// <summary>All segment files in the order of their sequences.</summary>
    public static List<(long FirstSequence, string Path)> List(string directory) =>
    [
        .. from path in Directory.EnumerateFiles(directory, Prefix + "*")
           let name = Path.GetFileName(path)[Prefix.Length..]
           where name.Length == 16
           let first = long.TryParse(name, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out long parsed) ? parsed : -1
           where first >= 0
           orderby first
           select (first, path),
    ];

    public void Append(ReadOnlySpan<byte> batch, JournalWrite write)
    {
        write(_file, batch, End);
        End += batch.Length;
    }

    /// <summary>Takes back what a failed <see cref="Append"/> may have left behind the last whole batch.</summary>
    public void CutBack() => RandomAccess.SetLength(_file, End);

    public void Sync() => DataSync.Flush(_file);

    public void Dispose() => _file.Dispose();
}
