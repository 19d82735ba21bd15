using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Freshet.Protocol.Jute;

/// <summary>
/// Writes jute, ZooKeeper's encoding, into one contiguous pooled array that grows as needed. Reused: <see cref="Clear"/>
/// keeps the array, so that writing a frame allocates nothing. Not thread-safe.
/// </summary>
public sealed class JuteWriter : IDisposable
{
    private const int Null = -1;

    private byte[] _buffer;
    private int _length;

    /// <param name="capacity">First size in bytes.</param>
    public JuteWriter(int capacity = 256) => _buffer = ArrayPool<byte>.Shared.Rent(capacity);

    /// <summary>Bytes written since the last <see cref="Clear"/>.</summary>
    public int Length => _length;

    /// <summary>What was written. Valid until the next write.</summary>
    public ReadOnlySpan<byte> WrittenSpan => _buffer.AsSpan(0, _length);

    /// <summary>What was written. Valid until the next write.</summary>
    public ReadOnlyMemory<byte> WrittenMemory => _buffer.AsMemory(0, _length);

    /// <summary>Forgets what was written and keeps the array.</summary>
    public void Clear() => _length = 0;

    /// <summary>Forgets everything written after <paramref name="length"/>, an earlier <see cref="Length"/>.</summary>
    public void Truncate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)_length, nameof(length));
        _length = length;
    }

    /// <summary>Starts a frame; pass the result to <see cref="EndFrame"/>.</summary>
    public int BeginFrame()
    {
        int start = _length;
        WriteInt32(0);
        return start;
    }

    /// <summary>Ends a frame by writing its length in front of it.</summary>
    public void EndFrame(int start) =>
        BinaryPrimitives.WriteInt32BigEndian(_buffer.AsSpan(start), _length - start - sizeof(int));

    /// <summary>Writes one byte.</summary>
    public void WriteByte(byte value) => Take(sizeof(byte))[0] = value;

    /// <summary>Writes a byte, 1 for true.</summary>
    public void WriteBool(bool value) => WriteByte(value ? (byte)1 : (byte)0);

    /// <summary>Writes a 32-bit number.</summary>
    public void WriteInt32(int value) => BinaryPrimitives.WriteInt32BigEndian(Take(sizeof(int)), value);

    /// <summary>Writes a 64-bit number.</summary>
    public void WriteInt64(long value) => BinaryPrimitives.WriteInt64BigEndian(Take(sizeof(long)), value);

    /// <summary>Writes a buffer that is not null.</summary>
    public void WriteBuffer(ReadOnlySpan<byte> value)
    {
        WriteInt32(value.Length);
        value.CopyTo(Take(value.Length));
    }

    /// <summary>Writes a buffer or null.</summary>
    public void WriteBuffer(byte[]? value)
    {
        if (value is null)
        {
            WriteNull();
        }
        else
        {
            WriteBuffer(value.AsSpan());
        }
    }

    /// <summary>Writes a null buffer, string or vector.</summary>
    public void WriteNull() => WriteInt32(Null);

    /// <summary>Writes bytes without a length.</summary>
    public void WriteRaw(ReadOnlySpan<byte> value) => value.CopyTo(Take(value.Length));

    /// <summary>Writes a string or null as UTF-8.</summary>
    public void WriteString(string? value)
    {
        if (value is null)
        {
            WriteNull();
            return;
        }

        int length = Encoding.UTF8.GetByteCount(value);
        WriteInt32(length);
        Encoding.UTF8.GetBytes(value, Take(length));
    }

    /// <summary>Writes a vector of strings.</summary>
    public void WriteStrings(IReadOnlyCollection<string> values)
    {
        WriteInt32(values.Count);
        foreach (string value in values)
        {
            WriteString(value);
        }
    }

    /// <summary>Returns the array to its pool.</summary>
    public void Dispose()
    {
        byte[] buffer = _buffer;
        _buffer = [];
        _length = 0;
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private Span<byte> Take(int length)
    {
        if (_buffer.Length - _length < length)
        {
            Grow(length);
        }

        Span<byte> taken = _buffer.AsSpan(_length, length);
        _length += length;
        return taken;
    }

    private void Grow(int length)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(checked(_length + length), _buffer.Length * 2));
        _buffer.AsSpan(0, _length).CopyTo(larger);
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }

        _buffer = larger;
    }
}
