using System.Buffers;

namespace Freshet.Protocol.Kafka.Records;

/// <summary>One record of a batch, as a view of the batch's bytes.</summary>
public readonly ref struct Record
{
    private readonly ReadOnlySpan<byte> _headers;
    private readonly bool _hasKey;
    private readonly bool _hasValue;

    internal Record(long offset, long timestamp, ReadOnlySpan<byte> key, bool hasKey, ReadOnlySpan<byte> value, bool hasValue, ReadOnlySpan<byte> headers)
    {
        Offset = offset;
        Timestamp = timestamp;
        Key = key;
        Value = value;
        _hasKey = hasKey;
        _hasValue = hasValue;
        _headers = headers;
    }

    /// <summary>Place of the record in its partition.</summary>
    public long Offset { get; }

    /// <summary>Milliseconds since 1970; -1 when the producer gave none.</summary>
    public long Timestamp { get; }

    /// <summary>The key; empty when it is null.</summary>
    public ReadOnlySpan<byte> Key { get; }

    /// <summary>The value; empty when it is null.</summary>
    public ReadOnlySpan<byte> Value { get; }

    /// <summary>Whether the record has no key.</summary>
    public bool IsKeyNull => !_hasKey;

    /// <summary>Whether the value is null, which deletes the key in a compacted topic.</summary>
    public bool IsValueNull => !_hasValue;

    /// <summary>The encoded headers: a count, then names and values.</summary>
    public ReadOnlySpan<byte> EncodedHeaders => _headers;

    /// <summary>The headers, in order.</summary>
    /// <exception cref="InvalidDataException">The bytes are no headers.</exception>
    public KeyValuePair<string, byte[]?>[] ReadHeaders() => RecordHeaders.Decode(_headers);

    /// <summary>Writes an encoded record so that its timestamp stays the same under another base timestamp.</summary>
    /// <param name="encoded">The record with its length in front.</param>
    /// <param name="baseChange">New base timestamp minus the old one.</param>
    /// <param name="output">Where it goes.</param>
    public static void WriteRebased(ReadOnlySpan<byte> encoded, long baseChange, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        int read = 0;
        Varint.ReadInt32(encoded, ref read);
        byte attributes = encoded[read++];
        long delta = Varint.Read(encoded, ref read) - baseChange;
        ReadOnlySpan<byte> body = encoded[read..];
        int size = 1 + Varint.SizeOf(delta) + body.Length;
        Span<byte> room = output.GetSpan(Varint.MaxSize + size);
        int at = Varint.Write(room, size);
        room[at++] = attributes;
        at += Varint.Write(room[at..], delta);
        body.CopyTo(room[at..]);
        output.Advance(at + body.Length);
    }
}
