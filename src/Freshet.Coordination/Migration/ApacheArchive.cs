using System.Buffers.Binary;
using System.Text;

namespace Freshet.Coordination.Migration;

/// <summary>Reads jute from a file too large to hold in memory, and sums up what it reads.</summary>
/// <param name="stream">The file, uncompressed.</param>
/// <param name="path">Its name, for messages.</param>
internal sealed class ApacheArchive(Stream stream, string path)
{
    /// <summary>Longest buffer believed. Apache's own limit is 1 MiB unless raised; nobody raises it to this.</summary>
    private const int MaxBufferBytes = 256 << 20;

    /// <summary>Memory is taken in steps of this size, so that a damaged length cannot claim more than the file has.</summary>
    private const int StepBytes = 1 << 20;

    private readonly byte[] _number = new byte[sizeof(long)];
    private Adler32 _sum = new();

    /// <summary>Bytes read so far.</summary>
    public long Position { get; private set; }

    /// <summary>Adler-32 of everything read so far.</summary>
    public uint Checksum => _sum.Value;

    public int ReadInt32() => BinaryPrimitives.ReadInt32BigEndian(Fill(_number.AsSpan(0, sizeof(int))));

    public long ReadInt64() => BinaryPrimitives.ReadInt64BigEndian(Fill(_number));

    /// <summary>Reads a count of things that follow.</summary>
    public int ReadCount()
    {
        int count = ReadInt32();
        return count >= 0 ? count : throw Damaged($"a count of {count}");
    }

    public string ReadString() => Encoding.UTF8.GetString(ReadBuffer() ?? throw Damaged("a string that is null"));

    /// <summary>Reads a buffer; null is kept apart from empty.</summary>
    public byte[]? ReadBuffer()
    {
        int length = ReadInt32();
        return length == -1 ? null
            : length is >= 0 and <= MaxBufferBytes ? ReadRaw(length)
            : throw Damaged($"a length of {length}");
    }

    /// <summary>Reads the bytes that have no length of their own.</summary>
    public byte[] ReadRaw(int length)
    {
        byte[] bytes = new byte[Math.Min(length, StepBytes)];
        Fill(bytes);
        while (bytes.Length < length)
        {
            int read = bytes.Length;
            Array.Resize(ref bytes, Math.Min(length, read * 2));
            Fill(bytes.AsSpan(read));
        }

        return bytes;
    }

    public InvalidDataException Damaged(string what) => new($"{path} is damaged near offset {Position}: {what}.");

    private Span<byte> Fill(Span<byte> target)
    {
        int read = stream.ReadAtLeast(target, target.Length, throwOnEndOfStream: false);
        Position += read;
        if (read < target.Length)
        {
            throw new EndOfStreamException($"{path} ends at offset {Position}, in the middle of a record.");
        }

        _sum.Append(target);
        return target;
    }
}
