using System.Buffers.Binary;

namespace Freshet.Streams.Kafka;

/// <summary>How far a partition has been read, and where its input ends. In a checkpoint: two 64-bit little-endian numbers.</summary>
/// <param name="Next">Offset of the next record to emit.</param>
/// <param name="End">Offset behind the last record to emit; <see cref="Unbounded"/> when there is no end.</param>
internal readonly record struct PartitionPosition(long Next, long End)
{
    public const long Unbounded = long.MaxValue;

    private const int Size = 2 * sizeof(long);

    public bool IsDone => Next >= End;

    public static PartitionPosition Read(ReadOnlySpan<byte> saved) => saved.Length == Size
        ? new(BinaryPrimitives.ReadInt64LittleEndian(saved), BinaryPrimitives.ReadInt64LittleEndian(saved[sizeof(long)..]))
        : throw new InvalidDataException($"A saved Kafka position has {saved.Length} bytes instead of {Size}. Was it saved by another spout under the same name?");

    public void Save(PositionWriter positions, string unit)
    {
        Span<byte> bytes = stackalloc byte[Size];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, Next);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[sizeof(long)..], End);
        positions.Save(unit, bytes);
    }
}
