namespace Freshet.Protocol.Kafka.Records;

/// <summary>Walks the records of a batch, uncompressed or decompressed; use it with foreach.</summary>
public ref struct RecordEnumerator
{
    private readonly long _baseOffset;
    private readonly long _baseTimestamp;
    private ReadOnlySpan<byte> _rest;
    private int _left;

    internal RecordEnumerator(ReadOnlySpan<byte> records, long baseOffset, long baseTimestamp, int count)
    {
        _rest = records;
        _baseOffset = baseOffset;
        _baseTimestamp = baseTimestamp;
        _left = count;
        Current = default;
        CurrentBytes = default;
    }

    /// <summary>The record reached.</summary>
    public Record Current { get; private set; }

    /// <summary>The record reached, encoded, with its length in front.</summary>
    public ReadOnlySpan<byte> CurrentBytes { get; private set; }

    /// <summary>Lets foreach take the enumerator itself.</summary>
    public readonly RecordEnumerator GetEnumerator() => this;

    /// <summary>Goes to the next record.</summary>
    /// <exception cref="InvalidDataException">The bytes do not hold the records that the header counts.</exception>
    public bool MoveNext()
    {
        if (_left <= 0)
        {
            return _rest.IsEmpty ? false : throw new InvalidDataException($"{_rest.Length} bytes follow the last record of a batch.");
        }

        _left--;
        ReadOnlySpan<byte> before = _rest;
        Current = Record.Take(ref _rest, _baseOffset, _baseTimestamp);
        CurrentBytes = before[..^_rest.Length];
        return true;
    }
}
