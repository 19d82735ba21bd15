using System.Buffers;
using Freshet.Protocol.Kafka.Records;

namespace Freshet.Storage.Records;

/// <summary>Makes batches anew out of a batch's header and records.</summary>
public static class BatchCoding
{
    /// <summary>The same batch with another codec.</summary>
    /// <exception cref="InvalidDataException">The records cannot be decompressed, or have more than <paramref name="maxBytes"/>.</exception>
    public static byte[] Recompress(RecordBatch batch, Compression codec, int maxBytes)
    {
        using DecompressedRecords records = RecordCodec.Decompress(batch, maxBytes);
        return Build(batch, records.Span, batch.RecordCount, codec);
    }

    /// <summary>A batch with the header of another and these records; offset and time deltas must still count from that header.</summary>
    public static byte[] Build(RecordBatch header, ReadOnlySpan<byte> records, int count, Compression codec)
    {
        var output = new ArrayBufferWriter<byte>(RecordBatch.HeaderSize + Math.Max(records.Length, 64));
        output.Write(header.Bytes[..RecordBatch.HeaderSize]);
        RecordCodec.Compress(codec, records, output);
        byte[] batch = output.WrittenSpan.ToArray();
        RecordBatchStamp.Records(batch, codec, count);
        return batch;
    }
}
