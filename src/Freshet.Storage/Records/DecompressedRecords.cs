using System.Buffers;

namespace Freshet.Storage.Records;

/// <summary>
/// The records of one batch in a pooled buffer that grows up to a limit, so that a few bytes that decompress to gigabytes cost
/// no more than that. Dispose it when the records are read. Not thread-safe.
/// </summary>
/// <param name="maxBytes">Most bytes of records.</param>
public sealed class DecompressedRecords(int maxBytes) : IBufferWriter<byte>, IDisposable
{
    private const int MinRoom = 4096;
    private byte[] _buffer = [];
    private int _length;

    /// <summary>The records.</summary>
    public ReadOnlySpan<byte> Span => _buffer.AsSpan(0, _length);

    /// <summary>Whether there was more than the limit, for which writing failed.</summary>
    public bool IsOverLimit { get; private set; }

    /// <inheritdoc/>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _buffer.Length - _length);
        _length += count;
        if (_length > maxBytes)
        {
            throw TooMany();
        }
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _buffer.AsMemory(_length);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <inheritdoc/>
    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _length = 0;
    }

    private void Reserve(int size)
    {
        if (size <= _buffer.Length - _length)
        {
            return;
        }

        // One byte beyond the limit may be written, which is how it is noticed.
        if (_length > maxBytes || (size > MinRoom && size > maxBytes - (long)_length))
        {
            throw TooMany();
        }

        byte[] larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(Math.Max(_length + (long)Math.Max(size, MinRoom), 2L * _buffer.Length), Array.MaxLength));
        Span.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }

    private InvalidDataException TooMany()
    {
        IsOverLimit = true;
        return new InvalidDataException($"The batch's records have more than the {maxBytes} bytes that are allowed once decompressed.");
    }
}
