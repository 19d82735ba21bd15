using System.Buffers.Binary;
using Freshet.Protocol;
using Freshet.Storage.Files;

namespace Freshet.Storage.Snapshots;

/// <summary>Receives one block of a snapshot, valid during the call only.</summary>
public delegate void SnapshotBlockHandler(ReadOnlySpan<byte> block);

/// <summary>
/// A snapshot on disk: a magic, blocks with length and CRC-32C, and an end mark without which the file does not count.
/// Named after the journal sequence it replaces the journal up to. Layout: docs/formats/snapshot.md.
/// </summary>
public static class SnapshotFile
{
    internal const string Prefix = "snapshot.";
    internal const int BlockHeaderBytes = 8;

    internal static ReadOnlySpan<byte> Magic => "FSNAPSH1"u8;

    /// <summary>The finished snapshots of a directory, newest first.</summary>
    public static IReadOnlyList<(long Sequence, string Path)> List(string directory)
    {
        List<(long Sequence, string Path)> files = NumberedFiles.In(directory, Prefix);
        files.Reverse();
        return files;
    }

    /// <summary>Reads every block.</summary>
    /// <exception cref="InvalidDataException">The file is damaged or unfinished.</exception>
    public static void Read(string path, SnapshotBlockHandler handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16);
        Span<byte> header = stackalloc byte[BlockHeaderBytes];
        file.ReadAtLeast(header, BlockHeaderBytes, throwOnEndOfStream: false);
        if (!header.SequenceEqual(Magic))
        {
            throw new InvalidDataException($"{path} is no snapshot.");
        }

        byte[] block = [];
        while (true)
        {
            if (file.ReadAtLeast(header, BlockHeaderBytes, throwOnEndOfStream: false) < BlockHeaderBytes)
            {
                throw new InvalidDataException($"{path} ends without its end mark.");
            }

            int length = BinaryPrimitives.ReadInt32LittleEndian(header);
            if (length < 0 || length > file.Length - file.Position)
            {
                throw new InvalidDataException($"{path} is damaged at offset {file.Position - BlockHeaderBytes}: a block claims {length} bytes.");
            }

            if (block.Length < length)
            {
                block = new byte[length];
            }

            Span<byte> content = block.AsSpan(0, length);
            file.ReadExactly(content);
            if (Crc32C.Compute(content) != BinaryPrimitives.ReadUInt32LittleEndian(header[sizeof(int)..]))
            {
                throw new InvalidDataException($"{path} is damaged at offset {file.Position - length}: the checksum does not match.");
            }

            if (length == 0)
            {
                return;
            }

            handler(content);
        }
    }

    /// <summary>Deletes all but the newest snapshots and unfinished drafts. Returns the sequence of the oldest one kept.</summary>
    public static long Purge(string directory, int keep)
    {
        IReadOnlyList<(long Sequence, string Path)> snapshots = List(directory);
        foreach ((_, string path) in snapshots.Skip(keep))
        {
            File.Delete(path);
        }

        return snapshots.Take(keep).Select(snapshot => snapshot.Sequence).DefaultIfEmpty(0).Min();
    }
}
