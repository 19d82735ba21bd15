using System.Text;

namespace Freshet.Protocol.Kafka.Records;

/// <summary>The headers of a record: a count, then names and values (Kafka protocol, record headers).</summary>
internal static class RecordHeaders
{
    /// <summary>No headers, encoded.</summary>
    public static ReadOnlySpan<byte> None => [0];

    public static byte[] Encode(IReadOnlyList<KeyValuePair<string, byte[]?>> headers)
    {
        using var bytes = new MemoryStream();
        Write(bytes, headers.Count);
        foreach ((string name, byte[]? value) in headers)
        {
            byte[] text = Encoding.UTF8.GetBytes(name);
            Write(bytes, text.Length);
            bytes.Write(text);
            Write(bytes, value?.Length ?? -1);
            bytes.Write(value);
        }

        return bytes.ToArray();
    }

    /// <summary>Checks that the bytes are headers and nothing else, without taking them out.</summary>
    /// <exception cref="InvalidDataException">They are not.</exception>
    public static void Check(ReadOnlySpan<byte> encoded)
    {
        if (encoded is not [0])
        {
            CheckAny(encoded);
        }
    }

    private static void CheckAny(ReadOnlySpan<byte> encoded)
    {
        int at = 0;
        int count = Varint.ReadInt32(encoded, ref at);
        if (count < 0)
        {
            throw new InvalidDataException($"A record says it has {count} headers.");
        }

        for (; count > 0; count--)
        {
            if (Skip(encoded, ref at) < 0)
            {
                throw new InvalidDataException("A header has no name.");
            }

            Skip(encoded, ref at);
        }

        if (at < encoded.Length)
        {
            throw new InvalidDataException($"{encoded.Length - at} bytes follow the last header of a record.");
        }
    }

    /// <summary>Goes behind a name or a value, and returns its length; -1 for none.</summary>
    private static int Skip(ReadOnlySpan<byte> encoded, ref int at)
    {
        int length = Varint.ReadInt32(encoded, ref at);
        if (length > encoded.Length - at)
        {
            throw new InvalidDataException($"A header says {length} bytes where {encoded.Length - at} are left.");
        }

        at += Math.Max(length, 0);
        return length;
    }

    /// <exception cref="InvalidDataException">The bytes are no headers.</exception>
    public static KeyValuePair<string, byte[]?>[] Decode(ReadOnlySpan<byte> encoded)
    {
        int at = 0;
        int count = Varint.ReadInt32(encoded, ref at);
        if (count < 0 || count > encoded.Length)
        {
            throw new InvalidDataException($"A record says it has {count} headers in {encoded.Length} bytes.");
        }

        var headers = new KeyValuePair<string, byte[]?>[count];
        for (int index = 0; index < count; index++)
        {
            string name = Encoding.UTF8.GetString(ReadBytes(encoded, ref at) ?? throw new InvalidDataException("A header has no name."));
            headers[index] = new(name, ReadBytes(encoded, ref at));
        }

        return headers;
    }

    private static byte[]? ReadBytes(ReadOnlySpan<byte> encoded, ref int at)
    {
        int length = Skip(encoded, ref at);
        return length < 0 ? null : encoded.Slice(at - length, length).ToArray();
    }

    private static void Write(MemoryStream bytes, long number)
    {
        Span<byte> digits = stackalloc byte[Varint.MaxSize];
        bytes.Write(digits[..Varint.Write(digits, number)]);
    }
}
