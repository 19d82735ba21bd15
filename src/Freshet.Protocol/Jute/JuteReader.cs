using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;

namespace Freshet.Protocol.Jute;

/// <summary>
/// Reads jute, ZooKeeper's encoding, from one whole frame. Big-endian numbers; strings, buffers and vectors start with a
/// 32-bit length, -1 meaning null. Every length is checked against what remains before anything is allocated.
/// </summary>
/// <param name="frame">The frame without its length prefix.</param>
/// <exception cref="JuteException">From every method: the frame ends too early or a length makes no sense.</exception>
public ref struct JuteReader(ReadOnlySpan<byte> frame)
{
    private const int Null = -1;
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private ReadOnlySpan<byte> _rest = frame;

    /// <summary>Bytes not read yet.</summary>
    public readonly int Remaining => _rest.Length;

    /// <summary>Skips exactly these bytes if they come next; else reads nothing.</summary>
    public bool TrySkip(ReadOnlySpan<byte> expected)
    {
        if (!_rest.StartsWith(expected))
        {
            return false;
        }

        _rest = _rest[expected.Length..];
        return true;
    }

    /// <summary>Reads one byte.</summary>
    public byte ReadByte() => Take(sizeof(byte))[0];

    /// <summary>Reads a byte; anything but 0 is true.</summary>
    public bool ReadBool() => ReadByte() != 0;

    /// <summary>Reads a 32-bit number.</summary>
    public int ReadInt32() => BinaryPrimitives.ReadInt32BigEndian(Take(sizeof(int)));

    /// <summary>Reads a 64-bit number.</summary>
    public long ReadInt64() => BinaryPrimitives.ReadInt64BigEndian(Take(sizeof(long)));

    /// <summary>Reads a buffer without copying it; a null buffer gives an empty span and <paramref name="isNull"/>.</summary>
    public ReadOnlySpan<byte> ReadBuffer(out bool isNull)
    {
        int length = ReadInt32();
        isNull = length == Null;
        return isNull ? default : Take(length);
    }

    /// <summary>Reads a buffer into an array of its own.</summary>
    public byte[]? ReadBytes()
    {
        ReadOnlySpan<byte> buffer = ReadBuffer(out bool isNull);
        return isNull ? null : buffer.ToArray();
    }

    /// <summary>Reads a string; null is kept apart from empty.</summary>
    public string? ReadString()
    {
        ReadOnlySpan<byte> utf8 = ReadBuffer(out bool isNull);
        if (isNull)
        {
            return null;
        }

        try
        {
            return StrictUtf8.GetString(utf8);
        }
        catch (DecoderFallbackException)
        {
            throw new JuteException("A string is not valid UTF-8.");
        }
    }

    /// <summary>Reads a string that must not be null, such as a path.</summary>
    public string ReadPath() => ReadString() ?? throw new JuteException("A path is null.");

    /// <summary>Reads the count of a vector; null counts as <paramref name="isNull"/> and 0.</summary>
    /// <param name="minBytesPerItem">Least encoded size of one item, so that a count that cannot be true is refused.</param>
    public int ReadCount(int minBytesPerItem, out bool isNull)
    {
        int count = ReadInt32();
        isNull = count == Null;
        if (isNull)
        {
            return 0;
        }

        if (count < 0 || count > _rest.Length / minBytesPerItem)
        {
            throw new JuteException($"A vector claims {count} items, but only {_rest.Length} bytes remain.");
        }

        return count;
    }

    /// <summary>Reads the count of a vector; null counts as 0.</summary>
    public int ReadCount(int minBytesPerItem) => ReadCount(minBytesPerItem, out _);

    /// <summary>Reads a vector of strings; null gives an empty array.</summary>
    public string[] ReadStrings()
    {
        string[] strings = new string[ReadCount(sizeof(int))];
        for (int i = 0; i < strings.Length; i++)
        {
            strings[i] = ReadPath();
        }

        return strings;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ReadOnlySpan<byte> Take(int length)
    {
        if ((uint)length > (uint)_rest.Length)
        {
            ThrowTooShort(length, _rest.Length);
        }

        ReadOnlySpan<byte> taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }

    private static void ThrowTooShort(int length, int remaining) =>
        throw new JuteException($"A field of {length} bytes does not fit into the {remaining} that remain of the frame.");
}
