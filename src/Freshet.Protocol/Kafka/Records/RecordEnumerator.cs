namespace Freshet.Protocol.Kafka.Records;

/// <summary>
/// Walks the records of a batch, uncompressed or decompressed; use it with foreach. A step only finds out where the parts of a record
/// are, and checks that: a broker looks at every record and takes none of them out.
/// </summary>
public ref struct RecordEnumerator
{
    private readonly ReadOnlySpan<byte> _records;
    private readonly long _baseOffset;
    private readonly long _baseTimestamp;
    private int _left;
    private int _start;
    private int _key;
    private int _keyLength;
    private int _value;
    private int _valueLength;
    private int _end;
    private int _offsetDelta;
    private long _timestampDelta;

    internal RecordEnumerator(ReadOnlySpan<byte> records, long baseOffset, long baseTimestamp, int count)
    {
        _records = records;
        _baseOffset = baseOffset;
        _baseTimestamp = baseTimestamp;
        _left = count;
    }

    /// <summary>The record reached.</summary>
    public readonly Record Current => new(
        Offset, Timestamp,
        _records.Slice(_key, Math.Max(_keyLength, 0)), !IsKeyNull,
        _records.Slice(_value, Math.Max(_valueLength, 0)), _valueLength >= 0,
        _records[(_value + Math.Max(_valueLength, 0)).._end]);

    /// <summary>The record reached, encoded, with its length in front.</summary>
    public readonly ReadOnlySpan<byte> CurrentBytes => _records[_start.._end];

    /// <summary>Place of the record reached in its partition.</summary>
    public readonly long Offset => _baseOffset + _offsetDelta;

    /// <summary>Timestamp of the record reached, in milliseconds since 1970; -1 when the producer gave none.</summary>
    public readonly long Timestamp => _baseTimestamp + _timestampDelta;

    /// <summary>Whether the record reached has no key.</summary>
    public readonly bool IsKeyNull => _keyLength < 0;

    /// <summary>Lets foreach take the enumerator itself.</summary>
    public readonly RecordEnumerator GetEnumerator() => this;

    /// <summary>Goes to the next record.</summary>
    /// <exception cref="InvalidDataException">The bytes do not hold the records that the header counts.</exception>
    public bool MoveNext()
    {
        if (_left <= 0)
        {
            return _end == _records.Length ? false : throw new InvalidDataException($"{_records.Length - _end} bytes follow the last record of a batch.");
        }

        _left--;
        _start = _end;
        int at = _start;
        int length = Varint.ReadInt32(_records, ref at);
        if (length <= 0)
        {
            throw new InvalidDataException("A record has no bytes.");
        }

        int end = Behind(at, length, _records.Length);
        at++; // Attributes: none are defined.
        _timestampDelta = Varint.Read(_records, ref at);
        _offsetDelta = Varint.ReadInt32(_records, ref at);
        _keyLength = Varint.ReadInt32(_records, ref at);
        _key = at;
        at = Behind(at, _keyLength, end);
        _valueLength = Varint.ReadInt32(_records, ref at);
        _value = at;
        RecordHeaders.Check(_records[Behind(at, _valueLength, end)..end]);
        _end = end;
        return true;
    }

    /// <summary>Where something ends that begins at a place; nothing, of a negative length, ends there.</summary>
    private static int Behind(int at, int length, int end) =>
        Math.Max(length, 0) <= end - at ? at + Math.Max(length, 0) : throw new InvalidDataException($"A record says {length} bytes where {end - at} are left.");
}
