using System.Buffers;
using ZstdSharp;

namespace Freshet.Storage.Records;

/// <summary>Zstandard frames.</summary>
internal static class ZstdCodec
{
    // A context is large and may be used by one thread at a time.
    [ThreadStatic]
    private static Decompressor? decompressor;

    [ThreadStatic]
    private static Compressor? compressor;

    public static unsafe void Decompress(ReadOnlySpan<byte> bytes, DecompressedRecords records)
    {
        fixed (byte* start = bytes)
        {
            using var source = new UnmanagedMemoryStream(start, bytes.Length);
            using var zstd = new DecompressionStream(source, decompressor ??= new Decompressor(), leaveOpen: true);
            CodecStreams.ReadAll(zstd, records);
        }
    }

    public static void Compress(ReadOnlySpan<byte> records, IBufferWriter<byte> output)
    {
        Span<byte> room = output.GetSpan(Compressor.GetCompressBound(records.Length));
        output.Advance((compressor ??= new Compressor()).Wrap(records, room));
    }
}
