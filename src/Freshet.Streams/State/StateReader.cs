using System.Buffers.Binary;
using System.Text;

namespace Freshet.Streams;

/// <summary>Reads what a <see cref="StateWriter"/> wrote.</summary>
/// <param name="state">The bytes.</param>
/// <exception cref="InvalidDataException">From every method: the bytes end too early or a count makes no sense.</exception>
public ref struct StateReader(ReadOnlySpan<byte> state)
{
    private ReadOnlySpan<byte> _rest = state;

    /// <summary>Whether everything was read.</summary>
    public readonly bool IsAtEnd => _rest.IsEmpty;

    /// <summary>Reads one byte.</summary>
    public byte ReadByte() => ReadRaw(1)[0];

    /// <summary>Reads a count. It never exceeds the bytes that remain, because no item is smaller than one byte.</summary>
    public int ReadCount()
    {
        uint value = 0;
        for (int shift = 0; shift < 32; shift += 7)
        {
            byte next = ReadByte();
            value |= (uint)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value <= (uint)_rest.Length ? (int)value : throw Broken($"a count of {value} with {_rest.Length} bytes left");
            }
        }

        throw Broken("a count of more than five bytes");
    }

    /// <summary>Reads a 32-bit number.</summary>
    public int ReadInt32() => BinaryPrimitives.ReadInt32LittleEndian(ReadRaw(sizeof(int)));

    /// <summary>Reads a 64-bit number.</summary>
    public long ReadInt64() => BinaryPrimitives.ReadInt64LittleEndian(ReadRaw(sizeof(long)));

    /// <summary>Reads a string.</summary>
    public string ReadString() => Encoding.UTF8.GetString(ReadBytes());

    /// <summary>Reads bytes with their count in front, without copying them.</summary>
    public ReadOnlySpan<byte> ReadBytes() => ReadRaw(ReadCount());

    /// <summary>Reads so many bytes, without copying them.</summary>
    public ReadOnlySpan<byte> ReadRaw(int length)
    {
        if ((uint)length > (uint)_rest.Length)
        {
            throw Broken($"a field of {length} bytes with {_rest.Length} left");
        }

        ReadOnlySpan<byte> taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }

    private static InvalidDataException Broken(string what) =>
        new($"The saved state cannot be read: {what}. Was it written by another version of the topology?");
}
