using System.Buffers.Binary;
using System.Text;

namespace Freshet.Protocol.Kafka;

/// <summary>
/// Reads one frame's fields in order, in the old encoding or the flexible one as the version asks (Kafka protocol, primitive
/// types). Every length is checked against the bytes left before anything is allocated.
/// </summary>
public ref struct KafkaReader
{
    private const int MaxTags = 64;
    private readonly Memory<byte> _frame;
    private ReadOnlySpan<byte> _rest;

    /// <summary>Starts at the front of <paramref name="frame"/>.</summary>
    /// <param name="frame">One contiguous frame; slices of it are handed out by <see cref="ReadRecords"/>.</param>
    /// <param name="version">Version of the message, for the messages' own decisions.</param>
    /// <param name="flexible">Whether that version uses compact lengths and tagged fields.</param>
    public KafkaReader(Memory<byte> frame, short version, bool flexible)
    {
        _frame = frame;
        _rest = frame.Span;
        Version = version;
        IsFlexible = flexible;
    }

    /// <summary>Version of the message.</summary>
    public short Version { get; }

    /// <summary>Whether lengths are compact and structs end with tagged fields.</summary>
    public bool IsFlexible { get; }

    /// <summary>Bytes left.</summary>
    public readonly int Remaining => _rest.Length;

    /// <summary>Reads a bool.</summary>
    public bool ReadBool() => Take(1)[0] != 0;

    /// <summary>Reads an i8.</summary>
    public sbyte ReadInt8() => (sbyte)Take(1)[0];

    /// <summary>Reads an i16.</summary>
    public short ReadInt16() => BinaryPrimitives.ReadInt16BigEndian(Take(2));

    /// <summary>Reads an i32.</summary>
    public int ReadInt32() => BinaryPrimitives.ReadInt32BigEndian(Take(4));

    /// <summary>Reads an i64.</summary>
    public long ReadInt64() => BinaryPrimitives.ReadInt64BigEndian(Take(8));

    /// <summary>Reads an f64.</summary>
    public double ReadDouble() => BinaryPrimitives.ReadDoubleBigEndian(Take(8));

    /// <summary>Reads a uuid; all zero means none.</summary>
    public Guid ReadUuid() => new(Take(16), bigEndian: true);

    /// <summary>Reads a string that may not be null.</summary>
    public string ReadString() => ReadNullableString() ?? throw new KafkaFormatException("A string that must be there is null.");

    /// <summary>Reads a string or null.</summary>
    public string? ReadNullableString()
    {
        int length = IsFlexible ? ReadCompactLength() : ReadInt16();
        return length < 0 ? null : Encoding.UTF8.GetString(Take(length));
    }

    /// <summary>Reads a string with a 16-bit length in every version, as the request header's client id is.</summary>
    public string? ReadClassicNullableString()
    {
        short length = ReadInt16();
        return length < 0 ? null : Encoding.UTF8.GetString(Take(length));
    }

    /// <summary>Reads bytes that may not be null; a copy.</summary>
    public byte[] ReadBytes()
    {
        int length = ReadBytesLength();
        return length < 0 ? throw new KafkaFormatException("Bytes that must be there are null.") : Take(length).ToArray();
    }

    /// <summary>Reads record batches or null, without a copy: the memory is the frame's own and writable.</summary>
    public Memory<byte>? ReadRecords()
    {
        int length = ReadBytesLength();
        if (length < 0)
        {
            return null;
        }

        int at = _frame.Length - _rest.Length;
        Take(length);
        return _frame.Slice(at, length);
    }

    /// <summary>Reads an array's count; -1 means null. Each item has at least one byte, so a count past the end is refused.</summary>
    public int ReadCount()
    {
        int count = IsFlexible ? ReadCompactLength() : ReadInt32();
        return count >= -1 && count <= _rest.Length ? count : throw Beyond("array", count);
    }

    /// <summary>Reads an array of structs; null becomes empty.</summary>
    public T[] ReadArray<T>()
        where T : IKafkaReadable<T> => ReadNullableArray<T>() ?? [];

    /// <summary>Reads an array of structs or null.</summary>
    public T[]? ReadNullableArray<T>()
        where T : IKafkaReadable<T>
    {
        int count = ReadCount();
        if (count < 0)
        {
            return null;
        }

        // Grown by what is really there: a count alone allocates little.
        var items = new List<T>(Math.Min(count, 64));
        for (int index = 0; index < count; index++)
        {
            items.Add(T.Read(ref this));
        }

        return [.. items];
    }

    /// <summary>Reads an array of i32; null becomes empty.</summary>
    public int[] ReadInt32Array() => ReadNullableInt32Array() ?? [];

    /// <summary>Reads an array of i32 or null.</summary>
    public int[]? ReadNullableInt32Array()
    {
        int count = ReadCount();
        if (count < 0)
        {
            return null;
        }

        if (count > _rest.Length / sizeof(int))
        {
            throw Beyond("array of numbers", count);
        }

        var items = new int[count];
        for (int index = 0; index < count; index++)
        {
            items[index] = ReadInt32();
        }

        return items;
    }

    /// <summary>Reads an array of i64; null becomes empty.</summary>
    public long[] ReadInt64Array()
    {
        int count = Math.Max(ReadCount(), 0);
        if (count > _rest.Length / sizeof(long))
        {
            throw Beyond("array of numbers", count);
        }

        var items = new long[count];
        for (int index = 0; index < count; index++)
        {
            items[index] = ReadInt64();
        }

        return items;
    }

    /// <summary>Reads an array of strings; null becomes empty.</summary>
    public string[] ReadStringArray() => ReadNullableStringArray() ?? [];

    /// <summary>Reads an array of strings or null.</summary>
    public string[]? ReadNullableStringArray()
    {
        int count = ReadCount();
        if (count < 0)
        {
            return null;
        }

        var items = new List<string>(Math.Min(count, 64));
        for (int index = 0; index < count; index++)
        {
            items.Add(ReadString());
        }

        return [.. items];
    }

    /// <summary>Skips the tagged fields at the end of a struct; nothing in the old encoding.</summary>
    public void SkipTags() => ReadInt64Tag(tag: null);

    /// <summary>Skips the tagged fields at the end of a struct but for one, an i64; null when it is not there.</summary>
    public long? ReadInt64Tag(uint? tag)
    {
        long? found = null;
        for (int left = ReadTagCount(); left > 0; left--)
        {
            found = ReadTag(out KafkaReader field) == tag && field.Remaining == sizeof(long) ? field.ReadInt64() : found;
        }

        return found;
    }

    /// <summary>Reads how many tagged fields end a struct; none in the old encoding. Each is then taken by <see cref="ReadTag"/>.</summary>
    public int ReadTagCount()
    {
        uint count = IsFlexible ? ReadUnsignedVarint() : 0;
        return count <= MaxTags ? (int)count : throw new KafkaFormatException($"A struct has {count} tagged fields; at most {MaxTags} are read.");
    }

    /// <summary>Takes a tagged field: its number is returned, its content is to be read from <paramref name="field"/> or left.</summary>
    public uint ReadTag(out KafkaReader field)
    {
        uint tag = ReadUnsignedVarint();
        uint size = ReadUnsignedVarint();
        int at = _frame.Length - _rest.Length;
        int length = Take(size > int.MaxValue ? int.MaxValue : (int)size).Length;
        field = new KafkaReader(_frame.Slice(at, length), Version, IsFlexible);
        return tag;
    }

    /// <summary>Checks that the message ends where the frame ends.</summary>
    public readonly void ExpectEnd()
    {
        if (_rest.Length > 0)
        {
            throw new KafkaFormatException($"{_rest.Length} bytes follow the end of the message.");
        }
    }

    private int ReadBytesLength() => IsFlexible ? ReadCompactLength() : ReadInt32();

    private int ReadCompactLength()
    {
        uint lengthAndOne = ReadUnsignedVarint();
        return lengthAndOne <= int.MaxValue ? (int)lengthAndOne - 1 : throw Beyond("compact field", lengthAndOne);
    }

    private uint ReadUnsignedVarint()
    {
        uint value = 0;
        for (int shift = 0; shift < 35; shift += 7)
        {
            byte part = Take(1)[0];
            if (shift == 28 && part > 0x0F)
            {
                break;
            }

            value |= (uint)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }

        throw new KafkaFormatException("A variable-length number has more than 32 bits.");
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if ((uint)length > (uint)_rest.Length)
        {
            throw Beyond("field", length);
        }

        ReadOnlySpan<byte> taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }

    private readonly KafkaFormatException Beyond(string what, long size) =>
        new($"A size of {size} for a {what} does not fit the {_rest.Length} bytes left.");
}
