namespace Freshet.Protocol.Kafka.Records;

/// <summary>Zig-zag variable-length numbers, as records use them (Kafka protocol, varint and varlong).</summary>
internal static class Varint
{
    /// <summary>Most bytes of a 64-bit number.</summary>
    public const int MaxSize = 10;

    /// <summary>Takes a number off the front of <paramref name="bytes"/>.</summary>
    /// <exception cref="InvalidDataException">The bytes end within the number, or it is longer than 64 bits.</exception>
    public static long Take(scoped ref ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        for (int index = 0; index < bytes.Length && index < MaxSize; index++)
        {
            value |= (ulong)(bytes[index] & 0x7F) << (7 * index);
            if (bytes[index] < 0x80)
            {
                bytes = bytes[(index + 1)..];
                return (long)(value >> 1) ^ -(long)(value & 1);
            }
        }

        throw new InvalidDataException("A variable-length number in a record is cut off or too long.");
    }

    /// <summary>Takes a number of 32 bits.</summary>
    /// <exception cref="InvalidDataException">As <see cref="Take"/>, or the number has more bits.</exception>
    public static int TakeInt32(scoped ref ReadOnlySpan<byte> bytes)
    {
        long value = Take(ref bytes);
        return value is >= int.MinValue and <= int.MaxValue
            ? (int)value
            : throw new InvalidDataException($"A 32-bit number in a record is {value}.");
    }

    /// <summary>Writes a number and returns its size in bytes.</summary>
    public static int Write(Span<byte> destination, long value)
    {
        ulong zigZag = (ulong)((value << 1) ^ (value >> 63));
        int size = 0;
        while (zigZag >= 0x80)
        {
            destination[size++] = (byte)(zigZag | 0x80);
            zigZag >>= 7;
        }

        destination[size++] = (byte)zigZag;
        return size;
    }

    /// <summary>Size of a number in bytes.</summary>
    public static int SizeOf(long value)
    {
        ulong zigZag = (ulong)((value << 1) ^ (value >> 63));
        int size = 1;
        while (zigZag >= 0x80)
        {
            zigZag >>= 7;
            size++;
        }

        return size;
    }
}
