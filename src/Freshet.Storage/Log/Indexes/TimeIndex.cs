using System.Buffers.Binary;

namespace Freshet.Storage.Log.Indexes;

/// <summary>
/// Sparse index of a segment by time: the largest timestamp up to an offset, and that offset. Both grow from entry to entry.
/// </summary>
internal sealed class TimeIndex(string path, long baseOffset) : IndexFile(path, EntrySize)
{
    public const int EntrySize = 12;

    /// <summary>The newest entry, which is the segment's largest timestamp once the segment is closed.</summary>
    public TimestampOffset? Last => Count is int count and > 0 ? EntryAt(count - 1) : null;

    /// <summary>Adds an entry unless it says nothing new.</summary>
    public void Append(TimestampOffset entry)
    {
        if (Last is TimestampOffset last && last.Timestamp >= entry.Timestamp)
        {
            return;
        }

        Span<byte> bytes = stackalloc byte[EntrySize];
        BinaryPrimitives.WriteInt64BigEndian(bytes, entry.Timestamp);
        BinaryPrimitives.WriteInt32BigEndian(bytes[8..], (int)(entry.Offset - baseOffset));
        Append(bytes);
    }

    /// <summary>Number of entries of times before this one.</summary>
    public int CountBefore(long timestamp) => CountWhile(entry => Decode(entry).Timestamp < timestamp);

    /// <summary>Whether the entries can be right: they grow, within a segment that ends there. Reads the whole file.</summary>
    public bool IsInOrder(long nextOffset) => AllFollow((entry, before) =>
        Decode(entry).Offset >= (before.IsEmpty ? baseOffset : Decode(before).Offset + 1) && Decode(entry).Offset < nextOffset
        && Decode(entry).Timestamp > (before.IsEmpty ? -1 : Decode(before).Timestamp));

    /// <summary>Forgets the entries at <paramref name="offset"/> or beyond it.</summary>
    public void TruncateFrom(long offset) => Truncate(CountWhile(entry => Decode(entry).Offset < offset));

    /// <summary>An entry by its number.</summary>
    public TimestampOffset EntryAt(int number)
    {
        Span<byte> entry = stackalloc byte[EntrySize];
        Read(number, entry);
        return Decode(entry);
    }

    private TimestampOffset Decode(ReadOnlySpan<byte> entry) =>
        new(BinaryPrimitives.ReadInt64BigEndian(entry), baseOffset + BinaryPrimitives.ReadInt32BigEndian(entry[8..]));
}
