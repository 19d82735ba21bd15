using System.Buffers;
using System.Buffers.Binary;
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

        // .NET lets an end pass that is cut off; Java's clients do not. The last four bytes say how many there were.
        if (bytes.Length < sizeof(int) || BinaryPrimitives.ReadInt32LittleEndian(bytes[^sizeof(int)..]) != records.Span.Length)
        {
            throw new InvalidDataException("The gzip stream of a batch is cut off.");
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
