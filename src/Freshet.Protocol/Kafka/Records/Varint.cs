using System.Runtime.CompilerServices;

namespace Freshet.Protocol.Kafka.Records;

/// <summary>Zig-zag variable-length numbers, as records use them (Kafka protocol, varint and varlong).</summary>
internal static class Varint
{
    /// <summary>Most bytes of a 64-bit number.</summary>
    public const int MaxSize = 10;

    /// <summary>Reads the number at a place and moves the place behind it.</summary>
    /// <exception cref="InvalidDataException">The bytes end within the number, or it is longer than 64 bits.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Read(ReadOnlySpan<byte> bytes, ref int at)
    {
        // Nearly all have one or two bytes, and records have six of them each.
        if (at + 1 < bytes.Length)
        {
            uint first = bytes[at];
            if (first < 0x80)
            {
                at++;
                return Signed(first);
            }

            uint second = bytes[at + 1];
            if (second < 0x80)
            {
                at += 2;
                return Signed((first & 0x7F) | (second << 7));
            }
        }

        long value = ReadAny(bytes[at..], out int size);
        at += size;
        return value;
    }

    /// <summary>Reads a number of 32 bits.</summary>
    /// <exception cref="InvalidDataException">As <see cref="Read"/>, or the number has more bits.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int ReadInt32(ReadOnlySpan<byte> bytes, ref int at)
    {
        long value = Read(bytes, ref at);
        return value == (int)value ? (int)value : throw TooLong(value);
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

    private static long ReadAny(ReadOnlySpan<byte> bytes, out int size)
    {
        ulong value = 0;
        for (int index = 0; index < bytes.Length && index < MaxSize; index++)
        {
            value |= (ulong)(bytes[index] & 0x7F) << (7 * index);
            if (bytes[index] < 0x80)
            {
                size = index + 1;
                return Signed(value);
            }
        }

        throw new InvalidDataException("A variable-length number in a record is cut off or too long.");
    }

    private static long Signed(ulong zigZag) => (long)(zigZag >> 1) ^ -(long)(zigZag & 1);

    private static InvalidDataException TooLong(long value) => new($"A 32-bit number in a record is {value}.");
}
