using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Numerics;
using System.Text;
using System.Text.Json.Nodes;
using Freshet.Protocol.Kafka.Records;

namespace Freshet.Conformance.Tests.Log.Wire;

/// <summary>
/// Record batches out of text, right ones and wrong ones: every field of the header can be told, and the checksum is right unless it is
/// told too. Without anything a batch is <c>{records:[{v:x}]}</c>.
/// </summary>
internal static class BatchText
{
    private const long Time = 1_700_000_000_000;

    /// <summary>The bytes of one batch, of several (an array), of <c>{hex:...}</c>, or null.</summary>
    public static byte[]? Bytes(JsonNode? value) => value switch
    {
        null => null,
        JsonArray several => [.. several.SelectMany(each => Bytes(each)!)],
        JsonObject batch when batch["hex"] is { } hex => Convert.FromHexString(hex.ToString()),
        JsonObject batch => Batch(batch),
        _ => Encoding.UTF8.GetBytes(value.ToString()),
    };

    /// <summary>The batches that an answer holds.</summary>
    public static JsonNode? Describe(Memory<byte>? records)
    {
        if (records is not { } bytes)
        {
            return null;
        }

        var batches = new JsonArray();
        ReadOnlySpan<byte> rest = bytes.Span;
        while (RecordBatch.TryTake(ref rest, out RecordBatch batch))
        {
            batches.Add(new JsonObject
            {
                ["offset"] = batch.BaseOffset,
                ["count"] = batch.RecordCount,
                ["attributes"] = batch.Attributes.Bits,
                ["baseTime"] = batch.BaseTimestamp,
                ["maxTime"] = batch.MaxTimestamp,
            });
        }

        if (!rest.IsEmpty)
        {
            batches.Add("incomplete");
        }

        return batches;
    }

    private static byte[] Batch(JsonObject told)
    {
        JsonArray records = told["records"]?.AsArray() ?? [new JsonObject { ["v"] = "x" }];
        long baseTime = Number(told, "baseTime", records.Count > 0 ? Number(records[0]!.AsObject(), "time", Time) : Time);
        long maxTime = Number(told, "maxTime", records.Count > 0 ? records.Max(each => Number(each!.AsObject(), "time", baseTime)) : baseTime);
        short attributes = (short)Number(told, "attributes", 0);
        byte[] payload = told["payload"] is { } raw ? Encoding.UTF8.GetBytes(raw.ToString()) : Compressed([.. records.SelectMany((each, number) => Record(each!.AsObject(), number, baseTime))], attributes);
        byte[] batch = new byte[RecordBatch.HeaderSize + payload.Length];
        payload.CopyTo(batch.AsSpan(RecordBatch.HeaderSize));
        Span<byte> header = batch;
        BinaryPrimitives.WriteInt64BigEndian(header, Number(told, "offset", 0));
        BinaryPrimitives.WriteInt32BigEndian(header[8..], (int)Number(told, "length", batch.Length - 12));
        BinaryPrimitives.WriteInt32BigEndian(header[12..], (int)Number(told, "leaderEpoch", -1));
        header[16] = (byte)Number(told, "magic", 2);
        BinaryPrimitives.WriteInt16BigEndian(header[21..], attributes);
        BinaryPrimitives.WriteInt32BigEndian(header[23..], (int)Number(told, "lastDelta", records.Count - 1));
        BinaryPrimitives.WriteInt64BigEndian(header[27..], baseTime);
        BinaryPrimitives.WriteInt64BigEndian(header[35..], maxTime);
        BinaryPrimitives.WriteInt64BigEndian(header[43..], Number(told, "producerId", -1));
        BinaryPrimitives.WriteInt16BigEndian(header[51..], (short)Number(told, "producerEpoch", -1));
        BinaryPrimitives.WriteInt32BigEndian(header[53..], (int)Number(told, "sequence", -1));
        BinaryPrimitives.WriteInt32BigEndian(header[57..], (int)Number(told, "count", records.Count));
        BinaryPrimitives.WriteUInt32BigEndian(header[17..], (uint)Number(told, "crc", Checksum(header[21..])));

        return batch[..(int)Number(told, "cutTo", batch.Length)];
    }

    private static byte[] Compressed(byte[] records, short attributes)
    {
        if ((attributes & 7) != (int)Compression.Gzip)
        {
            return records;
        }

        using var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.Fastest))
        {
            gzip.Write(records);
        }

        return output.ToArray();
    }

    private static byte[] Record(JsonObject told, int number, long baseTime)
    {
        var body = new ArrayBufferWriter<byte>();
        body.Write([(byte)Number(told, "attributes", 0)]);
        Varint(body, Number(told, "time", baseTime) - baseTime);
        Varint(body, Number(told, "delta", number));
        Field(body, told["k"]);
        Field(body, told["v"]);
        Varint(body, Number(told, "headers", 0));
        var record = new ArrayBufferWriter<byte>();
        Varint(record, Number(told, "length", body.WrittenCount));
        record.Write(body.WrittenSpan);
        return record.WrittenSpan.ToArray();
    }

    private static void Field(ArrayBufferWriter<byte> output, JsonNode? text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text?.ToString() ?? "");
        Varint(output, text is null ? -1 : bytes.Length);
        output.Write(bytes);
    }

    private static void Varint(ArrayBufferWriter<byte> output, long value)
    {
        ulong rest = (ulong)((value << 1) ^ (value >> 63));
        for (; rest >= 0x80; rest >>= 7)
        {
            output.Write([(byte)(rest | 0x80)]);
        }

        output.Write([(byte)rest]);
    }

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        uint checksum = uint.MaxValue;
        foreach (byte each in bytes)
        {
            checksum = BitOperations.Crc32C(checksum, each);
        }

        return ~checksum;
    }

    private static long Number(JsonObject told, string name, long otherwise) => told[name]?.ToString() switch
    {
        null => otherwise,
        "now" => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(),
        "tomorrow" => DateTimeOffset.UtcNow.AddHours(25).ToUnixTimeMilliseconds(),
        { } number => long.Parse(number, CultureInfo.InvariantCulture),
    };
}
