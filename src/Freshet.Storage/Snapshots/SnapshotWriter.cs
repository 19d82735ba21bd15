using System.Buffers.Binary;
using Freshet.Protocol;
using Freshet.Storage.Files;
using Microsoft.Win32.SafeHandles;

namespace Freshet.Storage.Snapshots;

/// <summary>Writes a snapshot beside its place; only <see cref="Commit"/> makes it one. Used by one caller at a time.</summary>
public sealed class SnapshotWriter : IDisposable
{
    // Forced to disk in steps: left to the end, the file system would hold up the journal's own fsync behind hundreds of megabytes.
    private const long FlushStep = 4 << 20;

    private readonly string _path;
    private readonly string _draft;
    private readonly SafeFileHandle _file;
    private long _flushed;

    /// <param name="directory">Where snapshots are kept.</param>
    /// <param name="sequence">Journal sequence that the snapshot covers.</param>
    public SnapshotWriter(string directory, long sequence)
    {
        _path = Path.Combine(directory, NumberedFiles.Name(SnapshotFile.Prefix, sequence));
        _draft = _path + ".tmp";
        _file = File.OpenHandle(_draft, FileMode.Create, FileAccess.Write);
        Append(SnapshotFile.Magic);
    }

    /// <summary>Bytes written so far.</summary>
    public long Length { get; private set; }

    /// <summary>Writes a block that is not empty.</summary>
    public void Write(ReadOnlySpan<byte> block)
    {
        Span<byte> header = stackalloc byte[SnapshotFile.BlockHeaderBytes];
        BinaryPrimitives.WriteInt32LittleEndian(header, block.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header[sizeof(int)..], Crc32C.Compute(block));
        Append(header);
        Append(block);
        if (Length - _flushed >= FlushStep)
        {
            DataSync.Flush(_file);
            _flushed = Length;
        }
    }

    /// <summary>Writes the end mark, forces the file to disk and puts it into its place.</summary>
    public void Commit()
    {
        Write(default);
        DataSync.Flush(_file);
        _file.Dispose();
        File.Move(_draft, _path, overwrite: true);
        DirectorySync.Flush(Path.GetDirectoryName(Path.GetFullPath(_path))!);
    }

    /// <summary>Closes the file; without <see cref="Commit"/> the draft is deleted.</summary>
    public void Dispose()
    {
        _file.Dispose();
        File.Delete(_draft);
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        RandomAccess.Write(_file, bytes, Length);
        Length += bytes.Length;
    }
}
