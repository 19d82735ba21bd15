using System.Buffers;
using CsCheck;
using Freshet.Protocol.Kafka.Records;
using Freshet.Storage.Records;

namespace Freshet.Storage.Tests.Records;

public class RecordCodecTests
{
    private static readonly Gen<Compression> Codecs = Gen.Enum<Compression>();

    [Fact]
    public void What_is_compressed_comes_back() => Gen.Select(Codecs, Gen.Byte[0, 3].Array[0, 200_000]).Sample((codec, records) =>
    {
        using DecompressedRecords back = Decompress(codec, Compress(codec, records), records.Length);
        Assert.True(back.Span.SequenceEqual(records));
        if (records.Length > 0)
        {
            Assert.Throws<InvalidDataException>(() => Decompress(codec, Compress(codec, records), records.Length - 1).Dispose());
        }
    }, iter: 200, threads: 1);

    [Fact]
    public void Random_bytes_are_decompressed_or_refused_with_one_exception() =>
        Gen.Select(Codecs, Gen.Byte.Array[0, 300], Gen.Bool).Sample((codec, bytes, likely) =>
        {
            byte[] compressed = likely ? [.. Compress(codec, bytes)[..^Math.Min(bytes.Length / 4, 4)], .. bytes.Take(3)] : bytes;
            try
            {
                Decompress(codec, compressed, 100_000).Dispose();
            }
            catch (InvalidDataException)
            {
            }
        }, iter: 2000, threads: 1);

    [Theory]
    [InlineData(Compression.Gzip)]
    [InlineData(Compression.Snappy)]
    [InlineData(Compression.Lz4)]
    [InlineData(Compression.Zstd)]
    public void A_batch_that_was_refused_does_not_harm_the_next(Compression codec)
    {
        byte[] records = new byte[500_000];
        byte[] compressed = Compress(codec, records);
        Assert.Throws<InvalidDataException>(() => Decompress(codec, compressed, 100_000).Dispose());
        Assert.Throws<InvalidDataException>(() => Decompress(codec, compressed[..^3], 1_000_000).Dispose());
        using DecompressedRecords back = Decompress(codec, compressed, records.Length);
        Assert.True(back.Span.SequenceEqual(records));
    }

    [Fact]
    public void A_raw_snappy_block_is_read_too()
    {
        byte[] records = [.. Enumerable.Range(0, 1000).Select(number => (byte)(number / 100))];
        using DecompressedRecords back = Decompress(Compression.Snappy, Snappier.Snappy.CompressToArray(records), 1000);
        Assert.True(back.Span.SequenceEqual(records));
    }

    private static byte[] Compress(Compression codec, byte[] records)
    {
        var output = new ArrayBufferWriter<byte>();
        RecordCodec.Compress(codec, records, output);
        return output.WrittenSpan.ToArray();
    }

    private static DecompressedRecords Decompress(Compression codec, byte[] compressed, int maxBytes)
    {
        byte[] batch = [.. new RecordBatchBuilder(0).AddValue("v"u8).Build()[..RecordBatch.HeaderSize], .. compressed];
        RecordBatchStamp.Records(batch, codec, 1);
        return RecordCodec.Decompress(new RecordBatch(batch), maxBytes);
    }
}
