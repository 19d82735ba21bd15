using System.Buffers;
using System.Buffers.Binary;

namespace Freshet.Protocol.Kafka.Records;

/// <summary>Builds one uncompressed batch, for the broker's own records and for tests. Not thread-safe.</summary>
/// <param name="timestamp">Milliseconds since 1970 of records that bring no own.</param>
public sealed class RecordBatchBuilder(long timestamp)
{
    private readonly ArrayBufferWriter<byte> _records = new();
    private long _baseTimestamp;
    private long _maxTimestamp = long.MinValue;

    /// <summary>Records added so far.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes of the batch as it is now.</summary>
    public int Size => RecordBatch.HeaderSize + _records.WrittenCount;

    /// <summary>Id of the idempotent producer; -1 means none.</summary>
    public long ProducerId { get; init; } = RecordBatch.NoProducerId;

    /// <summary>Epoch of the idempotent producer.</summary>
    public short ProducerEpoch { get; init; } = -1;

    /// <summary>Sequence number of the first record.</summary>
    public int BaseSequence { get; init; } = -1;

    /// <summary>Attribute bits; a builder does not compress.</summary>
    public RecordBatchAttributes Attributes { get; init; }

    /// <summary>Adds a record whose key is null.</summary>
    public RecordBatchBuilder AddValue(ReadOnlySpan<byte> value, long? at = null) => Add(default, isKeyNull: true, value, isValueNull: false, at);

    /// <summary>Adds a record.</summary>
    public RecordBatchBuilder Add(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long? at = null) =>
        Add(key, isKeyNull: false, value, isValueNull: false, at);

    /// <summary>Adds a record whose value is null: in a compacted topic it deletes the key.</summary>
    public RecordBatchBuilder AddTombstone(ReadOnlySpan<byte> key, long? at = null) => Add(key, isKeyNull: false, default, isValueNull: true, at);

    /// <summary>Adds a record with headers; a null key or value is none.</summary>
    public RecordBatchBuilder AddWithHeaders(
        ReadOnlyMemory<byte>? key, ReadOnlyMemory<byte>? value, IReadOnlyList<KeyValuePair<string, byte[]?>> headers, long? at) =>
        Add(key.GetValueOrDefault().Span, key is null, value.GetValueOrDefault().Span, value is null, at, RecordHeaders.Encode(headers));

    /// <summary>The batch, with base offset 0 as producers send it.</summary>
    public byte[] Build(long baseOffset = 0, int leaderEpoch = -1)
    {
        byte[] batch = new byte[Size];
        RecordBatchStamp.Offset(batch, baseOffset, leaderEpoch);
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(RecordBatch.LengthAt), batch.Length - RecordBatch.LengthOverhead);
        batch[RecordBatch.MagicAt] = RecordBatch.CurrentMagic;
        BinaryPrimitives.WriteInt16BigEndian(batch.AsSpan(RecordBatch.AttributesAt), Attributes.Bits);
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(RecordBatch.LastOffsetDeltaAt), Math.Max(Count - 1, 0));
        BinaryPrimitives.WriteInt64BigEndian(batch.AsSpan(RecordBatch.BaseTimestampAt), Count == 0 ? timestamp : _baseTimestamp);
        BinaryPrimitives.WriteInt64BigEndian(batch.AsSpan(RecordBatch.MaxTimestampAt), Count == 0 ? -1 : _maxTimestamp);
        BinaryPrimitives.WriteInt64BigEndian(batch.AsSpan(RecordBatch.ProducerIdAt), ProducerId);
        BinaryPrimitives.WriteInt16BigEndian(batch.AsSpan(RecordBatch.ProducerEpochAt), ProducerEpoch);
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(RecordBatch.BaseSequenceAt), BaseSequence);
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(RecordBatch.RecordCountAt), Count);
        _records.WrittenSpan.CopyTo(batch.AsSpan(RecordBatch.HeaderSize));
        RecordBatchStamp.Crc(batch);
        return batch;
    }

    private RecordBatchBuilder Add(
        ReadOnlySpan<byte> key, bool isKeyNull, ReadOnlySpan<byte> value, bool isValueNull, long? at, ReadOnlySpan<byte> headers = default)
    {
        headers = headers.IsEmpty ? RecordHeaders.None : headers;
        long time = at ?? timestamp;
        // The first record's own time is what the others count from, as producers do it.
        _baseTimestamp = Count == 0 ? time : _baseTimestamp;
        _maxTimestamp = Math.Max(_maxTimestamp, time);
        long keyLength = isKeyNull ? -1 : key.Length;
        long valueLength = isValueNull ? -1 : value.Length;
        int body = 1 + Varint.SizeOf(time - _baseTimestamp) + Varint.SizeOf(Count)
            + Varint.SizeOf(keyLength) + key.Length + Varint.SizeOf(valueLength) + value.Length + headers.Length;
        Span<byte> record = _records.GetSpan(Varint.MaxSize + body);
        int size = Varint.Write(record, body);
        record[size++] = 0; // Attributes: none are defined.
        size += Varint.Write(record[size..], time - _baseTimestamp);
        size += Varint.Write(record[size..], Count);
        size += WriteBytes(record[size..], keyLength, key);
        size += WriteBytes(record[size..], valueLength, value);
        headers.CopyTo(record[size..]);
        _records.Advance(size + headers.Length);
        Count++;
        return this;
    }

    private static int WriteBytes(Span<byte> destination, long length, ReadOnlySpan<byte> bytes)
    {
        int size = Varint.Write(destination, length);
        bytes.CopyTo(destination[size..]);
        return size + bytes.Length;
    }
}
