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

    /// <summary>Position of a batch at or before the one that holds <paramref name="offset"/>; the start when none is known.</summary>
    public int PositionBefore(long offset) => PositionOfEntryBefore(CountWhile(entry => LastOffset(entry) <= offset));

    /// <summary>The greatest batch start known that is not beyond <paramref name="position"/>; the start when none is known.</summary>
    public int StartBefore(int position) => PositionOfEntryBefore(CountWhile(entry => Position(entry) <= position));

    /// <summary>Forgets the batches that reach <paramref name="offset"/> or lie beyond it.</summary>
    public void TruncateFrom(long offset) => Truncate(CountWhile(entry => LastOffset(entry) < offset));

    private int PositionOfEntryBefore(int number)
    {
        if (number == 0)
        {
            return 0;
        }

        Span<byte> entry = stackalloc byte[EntrySize];
        Read(number - 1, entry);
        return Position(entry);
    }

    private long LastOffset(ReadOnlySpan<byte> entry) => baseOffset + BinaryPrimitives.ReadInt32BigEndian(entry);

    private static int Position(ReadOnlySpan<byte> entry) => BinaryPrimitives.ReadInt32BigEndian(entry[4..]);
}
