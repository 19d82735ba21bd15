using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Freshet.Protocol.Kafka.Records;

namespace Freshet.Protocol.Kafka;

/// <summary>
/// Writes fields in order straight into an output buffer, in the old encoding or the flexible one as the version asks (Kafka
/// protocol, primitive types). Pass it by reference; call <see cref="Flush"/> at the end.
/// </summary>
public ref struct KafkaWriter
{
    private const int MinSpan = 512;

    /// <summary>Longest piece of records asked of the output at once, so that its buffers come from a pool.</summary>
    private const int RecordPiece = 512 * 1024;

    private readonly IBufferWriter<byte> _output;
    private readonly int _throttleMs;
    private readonly List<RecordGap>? _gaps;
    private Span<byte> _span;
    private int _used;
    private long _flushed;

    /// <summary>Starts writing at the output's current end.</summary>
    /// <param name="output">Where the bytes go.</param>
    /// <param name="version">Version of the message, for the messages' own decisions.</param>
    /// <param name="flexible">Whether that version uses compact lengths and tagged fields.</param>
    /// <param name="throttleMs">What an answer tells as its throttle time, in milliseconds.</param>
    /// <param name="gaps">Takes records in place of the output, for whoever sends the message to put in; null writes them.</param>
    public KafkaWriter(IBufferWriter<byte> output, short version, bool flexible, int throttleMs = 0, List<RecordGap>? gaps = null)
    {
        _throttleMs = throttleMs;
        _gaps = gaps;
        _output = output;
        Version = version;
        IsFlexible = flexible;
    }

    /// <summary>Version of the message.</summary>
    public short Version { get; }

    /// <summary>Whether lengths are compact and structs end with tagged fields.</summary>
    public bool IsFlexible { get; }

    /// <summary>Bytes written so far, without records that were left out.</summary>
    public readonly long Written => _flushed + _used;

    /// <summary>Writes a bool.</summary>
    public void WriteBool(bool value) => Take(1)[0] = value ? (byte)1 : (byte)0;

    /// <summary>Writes an i8.</summary>
    public void WriteInt8(sbyte value) => Take(1)[0] = (byte)value;

    /// <summary>Writes an i16.</summary>
    public void WriteInt16(short value) => BinaryPrimitives.WriteInt16BigEndian(Take(2), value);

    /// <summary>Writes an i32.</summary>
    public void WriteInt32(int value) => BinaryPrimitives.WriteInt32BigEndian(Take(4), value);

    /// <summary>Writes an i64.</summary>
    public void WriteInt64(long value) => BinaryPrimitives.WriteInt64BigEndian(Take(8), value);

    /// <summary>Writes an f64.</summary>
    public void WriteDouble(double value) => BinaryPrimitives.WriteDoubleBigEndian(Take(8), value);

    /// <summary>Writes a uuid.</summary>
    public void WriteUuid(Guid value) => value.TryWriteBytes(Take(16), bigEndian: true, out _);

    /// <summary>The first error written, which tells whether the answer is one of failure.</summary>
    public ErrorCode FirstError { get; private set; }

    /// <summary>Writes an error code.</summary>
    public void WriteError(ErrorCode error)
    {
        FirstError = FirstError == ErrorCode.None ? error : FirstError;
        WriteInt16((short)error);
    }

    /// <summary>Writes the throttle time of an answer: how long the client should send nothing.</summary>
    public void WriteThrottle() => WriteInt32(_throttleMs);

    /// <summary>Writes a string or null.</summary>
    public void WriteString(string? value)
    {
        int length = value is null ? -1 : Encoding.UTF8.GetByteCount(value);
        if (IsFlexible)
        {
            WriteUnsignedVarint((uint)(length + 1));
        }
        else
        {
            WriteInt16(checked((short)length));
        }

        if (length > 0)
        {
            Encoding.UTF8.GetBytes(value, Take(length));
        }
    }

    /// <summary>Writes a string with a 16-bit length in every version, as the request header's client id is.</summary>
    public void WriteClassicString(string? value)
    {
        int length = value is null ? -1 : Encoding.UTF8.GetByteCount(value);
        WriteInt16(checked((short)length));
        if (length > 0)
        {
            Encoding.UTF8.GetBytes(value, Take(length));
        }
    }

    /// <summary>Writes bytes.</summary>
    public void WriteBytes(ReadOnlySpan<byte> value)
    {
        WriteLength(value.Length);
        value.CopyTo(Take(value.Length));
    }

    /// <summary>Writes the length of an array, of bytes or of records that follow; -1 means null.</summary>
    public void WriteLength(int length)
    {
        if (IsFlexible)
        {
            WriteUnsignedVarint((uint)(length + 1));
        }
        else
        {
            WriteInt32(length);
        }
    }

    /// <summary>Writes the length of records and, unless they are to be put in later, the records.</summary>
    public void WriteRecords(IRecordSource? records)
    {
        int length = records?.Length ?? 0;
        WriteLength(length);
        if (length > 0 && _gaps is not null)
        {
            _gaps.Add(new RecordGap(checked((int)Written), records!));
            return;
        }

        for (int from = 0; from < length; from += RecordPiece)
        {
            records!.Read(from, Take(Math.Min(length - from, RecordPiece)));
        }
    }

    /// <summary>Writes an array of structs.</summary>
    public void WriteArray<T>(IReadOnlyList<T>? items)
        where T : IKafkaWritable
    {
        WriteLength(items?.Count ?? -1);
        for (int index = 0; index < items?.Count; index++)
        {
            items[index].Write(ref this);
        }
    }

    /// <summary>Writes an array of i32.</summary>
    public void WriteInt32Array(IReadOnlyList<int> items)
    {
        WriteLength(items.Count);
        for (int index = 0; index < items.Count; index++)
        {
            WriteInt32(items[index]);
        }
    }

    /// <summary>Writes an array of strings.</summary>
    public void WriteStringArray(IReadOnlyList<string> items)
    {
        WriteLength(items.Count);
        for (int index = 0; index < items.Count; index++)
        {
            WriteString(items[index]);
        }
    }

    /// <summary>Ends a struct that has no tagged fields to write; nothing in the old encoding.</summary>
    public void WriteNoTags()
    {
        if (IsFlexible)
        {
            WriteUnsignedVarint(0);
        }
    }

    /// <summary>Ends a struct of the flexible encoding with one tagged field, an i64.</summary>
    public void WriteInt64Tag(uint tag, long value)
    {
        WriteUnsignedVarint(1);
        WriteUnsignedVarint(tag);
        WriteUnsignedVarint(sizeof(long));
        WriteInt64(value);
    }

    /// <summary>Writes an unsigned variable-length number, as tags and compact lengths are.</summary>
    public void WriteUnsignedVarint(uint value)
    {
        while (value >= 0x80)
        {
            Take(1)[0] = (byte)(value | 0x80);
            value >>= 7;
        }

        Take(1)[0] = (byte)value;
    }

    /// <summary>Room of exactly <paramref name="length"/> bytes for the caller to fill at once, for bytes that come from a file.</summary>
    public Span<byte> Take(int length)
    {
        if (length > _span.Length - _used)
        {
            Flush();
            _span = _output.GetSpan(Math.Max(length, MinSpan));
        }

        Span<byte> room = _span.Slice(_used, length);
        _used += length;
        return room;
    }

    /// <summary>Hands everything written to the output.</summary>
    public void Flush()
    {
        if (_used > 0)
        {
            _output.Advance(_used);
            _flushed += _used;
        }

        _span = default;
        _used = 0;
    }
}
