using Freshet.Storage.Files;
using Microsoft.Win32.SafeHandles;

namespace Freshet.Storage.Journal;

/// <summary>One file of the journal, named after its first sequence: <c>journal.000000000000002a</c>.</summary>
internal sealed class JournalSegment : IDisposable
{
    private const string Prefix = "journal.";

    // An append that lengthens the file makes the file system write its own journal with every fsync. The file is lengthened ahead
    // instead, by a hole that takes no space: this often, and one fsync in thousands pays for it.
    private const long LengthStep = 4 << 20;
    private readonly SafeFileHandle _file;
    private long _length;

    private JournalSegment(string path, long end)
    {
        _file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read);
        (End, _length) = (end, end);
    }

    /// <summary>Bytes written so far; behind them the file has zeros.</summary>
    public long End { get; private set; }

    /// <summary>Creates the file.</summary>
    /// <param name="force">Whether its name is made durable too, so that a power cut cannot lose a synced file by losing its entry.</param>
    public static JournalSegment Create(string directory, long firstSequence, bool force)
    {
        string path = Path.Combine(directory, NumberedFiles.Name(Prefix, firstSequence));
        File.Delete(path);
        var segment = new JournalSegment(path, 0);
        if (force)
        {
            DirectorySync.Flush(directory);
        }

        return segment;
    }

    /// <summary>Opens a recovered file to append behind <paramref name="end"/>; what stood there, an unfinished write, is cut off.</summary>
    public static JournalSegment Continue(string path, long end)
    {
        var segment = new JournalSegment(path, end);
        if (RandomAccess.GetLength(segment._file) > end)
        {
            RandomAccess.SetLength(segment._file, end);
            DataSync.Flush(segment._file);
        }

        return segment;
    }

    /// <summary>All segment files in the order of their sequences.</summary>
    public static List<(long FirstSequence, string Path)> List(string directory) => NumberedFiles.In(directory, Prefix);

    public void Append(ReadOnlySpan<byte> batch, JournalWrite write)
    {
        if (End + batch.Length > _length)
        {
            long length = End + batch.Length + LengthStep;
            RandomAccess.SetLength(_file, length);
            _length = length;
        }

        write(_file, batch, End);
        End += batch.Length;
    }

    /// <summary>Takes back everything behind the last whole batch: the hole, and what a failed <see cref="Append"/> may have left.</summary>
    public void CutBack()
    {
        RandomAccess.SetLength(_file, End);
        _length = End;
    }

    public void Sync() => DataSync.Flush(_file);

    /// <summary>Closes the file with no hole at its end, unless the disk refuses that: recovery reads it either way.</summary>
    public void Dispose()
    {
        try
        {
            CutBack();
        }
        catch (IOException)
        {
        }

        _file.Dispose();
    }
}
