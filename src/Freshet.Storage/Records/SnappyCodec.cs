using System.Buffers;
using System.Buffers.Binary;
using Snappier;

namespace Freshet.Storage.Records;

/// <summary>
/// Snappy in the framing of the Java client (Xerial's: 8 bytes of magic, two versions of 32 bits, then blocks with a 32-bit
/// big-endian length each), or as the one raw block that other clients send.
/// </summary>
internal static class SnappyCodec
{
    private const int HeaderSize = 16;
    private const int BlockSize = 32 * 1024;

    private static ReadOnlySpan<byte> Magic => [0x82, (byte)'S', (byte)'N', (byte)'A', (byte)'P', (byte)'P', (byte)'Y', 0];

    public static void Decompress(ReadOnlySpan<byte> bytes, DecompressedRecords records)
    {
        if (bytes.Length < HeaderSize || !bytes.StartsWith(Magic))
        {
            DecompressBlock(bytes, records);
            return;
        }

        bytes = bytes[HeaderSize..];
        while (!bytes.IsEmpty)
        {
            int length = bytes.Length >= sizeof(int) ? BinaryPrimitives.ReadInt32BigEndian(bytes) : -1;
            if (length < 0 || length > bytes.Length - sizeof(int))
            {
                throw new InvalidDataException("A snappy block is cut off.");
            }

            DecompressBlock(bytes.Slice(sizeof(int), length), records);
            bytes = bytes[(sizeof(int) + length)..];
        }
    }

    public static void Compress(ReadOnlySpan<byte> records, IBufferWriter<byte> output)
    {
        output.Write(Magic);
        Span<byte> versions = output.GetSpan(2 * sizeof(int));
        BinaryPrimitives.WriteInt32BigEndian(versions, 1);
        BinaryPrimitives.WriteInt32BigEndian(versions[sizeof(int)..], 1);
        output.Advance(2 * sizeof(int));
        for (int at = 0; at < records.Length; at += BlockSize)
        {
            ReadOnlySpan<byte> block = records.Slice(at, Math.Min(BlockSize, records.Length - at));
            Span<byte> room = output.GetSpan(sizeof(int) + Snappy.GetMaxCompressedLength(block.Length));
            int length = Snappy.Compress(block, room[sizeof(int)..]);
            BinaryPrimitives.WriteInt32BigEndian(room, length);
            output.Advance(sizeof(int) + length);
        }
    }

    private static void DecompressBlock(ReadOnlySpan<byte> block, DecompressedRecords records)
    {
        // The block says its size first: a bomb is refused before anything is allocated.
        Span<byte> room = records.GetSpan(Math.Max(Snappy.GetUncompressedLength(block), 1));
        records.Advance(Snappy.Decompress(block, room));
    }
}
