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
            // One that stopped in the middle of a frame would read the next batch as the rest of it, so only one that came to the end is kept.
            Decompressor context = decompressor ?? new Decompressor();
            decompressor = null;
            bool isAtEnd = false;
            try
            {
                using var source = new UnmanagedMemoryStream(start, bytes.Length);
                using var zstd = new DecompressionStream(source, context, leaveOpen: true);
                CodecStreams.ReadAll(zstd, records);
                isAtEnd = true;
            }
            finally
            {
                if (isAtEnd)
                {
                    decompressor = context;
                }
                else
                {
                    context.Dispose();
                }
            }
        }
    }

    public static void Compress(ReadOnlySpan<byte> records, IBufferWriter<byte> output)
    {
        Span<byte> room = output.GetSpan(Compressor.GetCompressBound(records.Length));
        output.Advance((compressor ??= new Compressor()).Wrap(records, room));
    }
}
