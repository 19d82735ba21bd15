using System.Buffers;
using System.IO.Compression;

namespace Freshet.Storage.Records;

/// <summary>RFC 1952.</summary>
internal static class GzipCodec
{
    public static unsafe void Decompress(ReadOnlySpan<byte> bytes, DecompressedRecords records)
    {
        fixed (byte* start = bytes)
        {
            using var source = new UnmanagedMemoryStream(start, bytes.Length);
            using var gzip = new GZipStream(source, CompressionMode.Decompress);
            CodecStreams.ReadAll(gzip, records);
        }
    }

    public static void Compress(ReadOnlySpan<byte> records, IBufferWriter<byte> output)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(records);
        }

        output.Write(compressed.GetBuffer().AsSpan(0, (int)compressed.Length));
    }
}
