using System.Buffers.Binary;

namespace Freshet.Storage.Log.Indexes;

/// <summary>Sparse index of a segment: for some batches, their last offset (relative to the segment's base) and their position.</summary>
internal sealed class OffsetIndex(string path, long baseOffset) : IndexFile(path, EntrySize)
{
    private const int EntrySize = 8;

    public void Append(long lastOffset, int position)
    {
        Span<byte> entry = stackalloc byte[EntrySize];
        BinaryPrimitives.WriteInt32BigEndian(entry, (int)(lastOffset - baseOffset));
        BinaryPrimitives.WriteInt32BigEndian(entry[4..], position);
        Append(entry);
    }

    /// <summary>Number of entries of batches that end at or before an offset.</summary>
    public int CountUpTo(long offset) => CountWhile(entry => LastOffset(entry) <= offset);

    /// <summary>Number of entries of batches that start at or before a position.</summary>
    public int CountUpToPosition(int position) => CountWhile(entry => Position(entry) <= position);

    /// <summary>An entry by its number.</summary>
    public (long LastOffset, int Position) EntryAt(int number)
    {
        Span<byte> entry = stackalloc byte[EntrySize];
        Read(number, entry);
        return (LastOffset(entry), Position(entry));
    }

    /// <summary>Whether the entries can be right: they grow, within a segment of these ends. Reads the whole file.</summary>
    public bool IsInOrder(long nextOffset, long size) => AllFollow((entry, before) =>
        LastOffset(entry) >= (before.IsEmpty ? baseOffset : LastOffset(before) + 1) && LastOffset(entry) < nextOffset
        && Position(entry) > (before.IsEmpty ? 0 : Position(before)) && Position(entry) < size);

    /// <summary>Forgets the batches that reach <paramref name="offset"/> or lie beyond it.</summary>
    public void TruncateFrom(long offset) => Truncate(CountWhile(entry => LastOffset(entry) < offset));

    private long LastOffset(ReadOnlySpan<byte> entry) => baseOffset + BinaryPrimitives.ReadInt32BigEndian(entry);

    private static int Position(ReadOnlySpan<byte> entry) => BinaryPrimitives.ReadInt32BigEndian(entry[4..]);
}
