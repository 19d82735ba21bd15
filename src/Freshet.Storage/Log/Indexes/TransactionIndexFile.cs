using Freshet.Protocol;
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

    /// <summary>The segments of a folder that have a file, in order.</summary>
    public static IReadOnlyList<long> In(string folder) =>
    [
        .. from file in Directory.EnumerateFiles(folder, "*" + Suffix)
           let segment = long.TryParse(Path.GetFileNameWithoutExtension(file), NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : -1
           where segment >= 0
           orderby segment
           select segment,
    ];

    /// <summary>Reads the part of a file that a digest speaks of, or null when that is not what the file holds.</summary>
    public static IReadOnlyList<AbortedTransaction>? TryRead(string folder, TransactionIndexDigest digest)
    {
        byte[] bytes = File.ReadAllBytes(PathOf(folder, digest.Segment));
        if (bytes.Length < digest.Length || Crc32C.Compute(bytes.AsSpan(0, digest.Length)) != digest.Checksum)
        {
            return null;
        }

        var entries = new AbortedTransaction[digest.Length / EntrySize];
        for (int number = 0; number < entries.Length; number++)
        {
            entries[number] = Decode(bytes.AsSpan(number * EntrySize, EntrySize));
        }

        return entries;
    }

    /// <summary>Writes entries behind those of a digest, and gives the digest of all.</summary>
    public static TransactionIndexDigest Append(string folder, TransactionIndexDigest digest, IReadOnlyList<AbortedTransaction> entries, bool force)
    {
        byte[] bytes = new byte[entries.Count * EntrySize];
        for (int number = 0; number < entries.Count; number++)
        {
            Encode(entries[number], bytes.AsSpan(number * EntrySize));
        }

        using SafeFileHandle file = File.OpenHandle(PathOf(folder, digest.Segment), FileMode.OpenOrCreate, FileAccess.Write);
        // At the known end: an earlier try that the disk refused may have left a part.
        RandomAccess.Write(file, bytes, digest.Length);
        if (force)
        {
            DataSync.Flush(file);
        }

        return digest with { Length = digest.Length + bytes.Length, Checksum = ~Crc32C.Append(~digest.Checksum, bytes) };
    }

    /// <summary>Removes what a file holds beyond a length, and the file with its last entry.</summary>
    public static void Cut(string folder, long segment, int length)
    {
        string path = PathOf(folder, segment);
        if (length == 0)
        {
            File.Delete(path);
        }
        else if (new FileInfo(path).Length > length)
        {
            using SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.Write);
            RandomAccess.SetLength(file, length);
        }
    }

    private static string PathOf(string folder, long segment) => SegmentFiles.PathOf(folder, segment, Suffix);

    private static AbortedTransaction Decode(ReadOnlySpan<byte> entry) => new(
        BinaryPrimitives.ReadInt64BigEndian(entry[2..]), BinaryPrimitives.ReadInt64BigEndian(entry[10..]),
        BinaryPrimitives.ReadInt64BigEndian(entry[18..]), BinaryPrimitives.ReadInt64BigEndian(entry[26..]));

    private static void Encode(AbortedTransaction aborted, Span<byte> entry)
    {
        BinaryPrimitives.WriteInt16BigEndian(entry, EntryVersion);
        BinaryPrimitives.WriteInt64BigEndian(entry[2..], aborted.ProducerId);
        BinaryPrimitives.WriteInt64BigEndian(entry[10..], aborted.FirstOffset);
        BinaryPrimitives.WriteInt64BigEndian(entry[18..], aborted.LastOffset);
        BinaryPrimitives.WriteInt64BigEndian(entry[26..], aborted.LastStableOffset);
    }
}
