using System.Buffers;
using K4os.Compression.LZ4.Streams;

namespace Freshet.Storage.Records;

/// <summary>LZ4 frames.</summary>
internal static class Lz4Codec
{
    public static void Decompress(ReadOnlySpan<byte> bytes, DecompressedRecords records) => LZ4Frame.Decode(bytes, records);

    public static void Compress(ReadOnlySpan<byte> records, IBufferWriter<byte> output) => LZ4Frame.Encode(records, output);
}
