using Freshet.Storage.Files;
using Freshet.Storage.Log.Segments;
using Microsoft.Win32.SafeHandles;
using System.Buffers.Binary;
using System.Globalization;

namespace Freshet.Storage.Log.Indexes;

/// <summary>One segment's aborted transactions on disk: Kafka's <c>.txnindex</c>, entries of 34 bytes, big-endian.</summary>
internal static class TransactionIndexFile
{
    private const string Suffix = ".txnindex";
    private const int EntrySize = 34;
    private const short EntryVersion = 0;

    /// <summary>The files of a folder, in the order of their segments.</summary>
    public static IEnumerable<string> In(string folder) => Directory.EnumerateFiles(folder, "*" + Suffix).Order(StringComparer.Ordinal);

    /// <summary>Reads the entries that end before an offset, and cuts the file after them.</summary>
    public static IReadOnlyList<AbortedTransaction> ReadUpTo(string file, long end)
    {
        byte[] bytes = File.ReadAllBytes(file);
        var entries = new List<AbortedTransaction>(bytes.Length / EntrySize);
        int at = 0;
        while (bytes.Length - at >= EntrySize && Decode(bytes.AsSpan(at, EntrySize)) is { } entry && entry.LastOffset < end)
        {
            entries.Add(entry);
            at += EntrySize;
        }

        if (at < bytes.Length)
        {
            using SafeFileHandle handle = File.OpenHandle(file, FileMode.Open, FileAccess.Write);
            RandomAccess.SetLength(handle, at);
        }

        return entries;
    }

    public static void Append(string folder, long segment, IReadOnlyList<AbortedTransaction> entries, bool force)
    {
        byte[] bytes = new byte[entries.Count * EntrySize];
        for (int number = 0; number < entries.Count; number++)
        {
            Encode(entries[number], bytes.AsSpan(number * EntrySize));
        }

        using SafeFileHandle file = File.OpenHandle(SegmentFiles.PathOf(folder, segment, Suffix), FileMode.OpenOrCreate, FileAccess.Write);
        RandomAccess.Write(file, bytes, RandomAccess.GetLength(file));
        if (force)
        {
            DataSync.Flush(file);
        }
    }

    /// <summary>Removes files all of whose entries end before an offset: those followed by a file that begins at or before it.</summary>
    public static void DeleteBefore(string folder, long offset)
    {
        string? earlier = null;
        foreach (string file in In(folder))
        {
            if (earlier is not null && long.TryParse(Path.GetFileNameWithoutExtension(file), NumberStyles.None, CultureInfo.InvariantCulture, out long start) && start <= offset)
            {
                File.Delete(earlier);
            }

            earlier = file;
        }
    }

    private static AbortedTransaction? Decode(ReadOnlySpan<byte> entry) => BinaryPrimitives.ReadInt16BigEndian(entry) == EntryVersion
        ? new AbortedTransaction(
            BinaryPrimitives.ReadInt64BigEndian(entry[2..]), BinaryPrimitives.ReadInt64BigEndian(entry[10..]),
            BinaryPrimitives.ReadInt64BigEndian(entry[18..]), BinaryPrimitives.ReadInt64BigEndian(entry[26..]))
        : null;

    private static void Encode(AbortedTransaction aborted, Span<byte> entry)
    {
        BinaryPrimitives.WriteInt16BigEndian(entry, EntryVersion);
        BinaryPrimitives.WriteInt64BigEndian(entry[2..], aborted.ProducerId);
        BinaryPrimitives.WriteInt64BigEndian(entry[10..], aborted.FirstOffset);
        BinaryPrimitives.WriteInt64BigEndian(entry[18..], aborted.LastOffset);
        BinaryPrimitives.WriteInt64BigEndian(entry[26..], aborted.LastStableOffset);
    }
}
