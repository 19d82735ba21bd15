using System.Buffers;
using Freshet.Protocol.Kafka.Records;

namespace Freshet.Storage.Records;

/// <summary>Compresses and decompresses the records of batches, with any of Kafka's codecs. Safe for use from many threads.</summary>
public static class RecordCodec
{
    /// <summary>Most bytes that a batch's records may have when nothing else is said: far above what any producer sends at once.</summary>
    public const int DefaultMaxBytes = 64 * 1024 * 1024;

    /// <summary>Decompresses a batch's records; those of an uncompressed batch are copied.</summary>
    /// <param name="batch">A complete batch.</param>
    /// <param name="maxBytes">Most bytes accepted.</param>
    /// <exception cref="InvalidDataException">The bytes are not what the codec writes, or hold more than <paramref name="maxBytes"/>.</exception>
    public static DecompressedRecords Decompress(RecordBatch batch, int maxBytes)
    {
        var records = new DecompressedRecords(maxBytes);
        try
        {
            Decompress(batch.Attributes.Compression, batch.Bytes[RecordBatch.HeaderSize..batch.Size], records);
            return records;
        }
        catch
        {
            records.Dispose();
            throw;
        }
    }

    /// <summary>Decompresses bytes that are no batch; uncompressed ones are copied.</summary>
    /// <param name="output">Takes what becomes of them, and says how much that may be.</param>
    /// <exception cref="InvalidDataException">The bytes are not what the codec writes, or hold more than <paramref name="output"/> takes.</exception>
    public static void Decompress(Compression codec, ReadOnlySpan<byte> bytes, DecompressedRecords output)
    {
        ArgumentNullException.ThrowIfNull(output);
        try
        {
            DecompressWith(codec, bytes, output);
        }
        catch (Exception exception) when (exception is not (InvalidDataException or OutOfMemoryException))
        {
            // Each codec has exceptions of its own for bytes that are not its own.
            throw new InvalidDataException($"The batch's records are not valid {codec}: {exception.Message}", exception);
        }
    }

    /// <summary>Compresses records.</summary>
    public static void Compress(Compression codec, ReadOnlySpan<byte> records, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        switch (codec)
        {
            case Compression.None:
                output.Write(records);
                break;
            case Compression.Gzip:
                GzipCodec.Compress(records, output);
                break;
            case Compression.Snappy:
                SnappyCodec.Compress(records, output);
                break;
            case Compression.Lz4:
                Lz4Codec.Compress(records, output);
                break;
            case Compression.Zstd:
                ZstdCodec.Compress(records, output);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(codec), codec, "There is no such codec.");
        }
    }

    private static void DecompressWith(Compression codec, ReadOnlySpan<byte> bytes, DecompressedRecords records)
    {
        switch (codec)
        {
            case Compression.None:
                records.Write(bytes);
                break;
            case Compression.Gzip:
                GzipCodec.Decompress(bytes, records);
                break;
            case Compression.Snappy:
                SnappyCodec.Decompress(bytes, records);
                break;
            case Compression.Lz4:
                Lz4Codec.Decompress(bytes, records);
                break;
            case Compression.Zstd:
                ZstdCodec.Decompress(bytes, records);
                break;
            default:
                throw new InvalidDataException($"Codec {(int)codec} is unknown.");
        }
    }
}
