using System.Buffers;
using System.Buffers.Binary;

namespace Freshet.Protocol.Jute;

/// <summary>Cuts a byte stream into frames: int length, then that many bytes (ZooKeeper protocol, encoding).</summary>
public static class JuteFrame
{
    /// <summary>Bytes of the length in front of a frame.</summary>
    public const int PrefixBytes = sizeof(int);

    /// <summary>Takes one whole frame, without its length, off the front of what arrived; false when it is not all there yet.</summary>
    /// <param name="maxBytes">Longest frame accepted.</param>
    /// <exception cref="JuteException">The length is negative or above the limit.</exception>
    public static bool TryTake(ref ReadOnlySequence<byte> arrived, int maxBytes, out ReadOnlySequence<byte> frame)
    {
        frame = default;
        if (arrived.Length < PrefixBytes)
        {
            return false;
        }

        int length = ReadLength(arrived);
        if (length < 0 || length > maxBytes)
        {
            throw new JuteException($"A frame of {length} bytes arrived; from 0 to {maxBytes} are accepted. Raise the limit if it is genuine.");
        }

        if (arrived.Length - PrefixBytes < length)
        {
            return false;
        }

        frame = arrived.Slice(PrefixBytes, length);
        arrived = arrived.Slice(PrefixBytes + length);
        return true;
    }

    private static int ReadLength(ReadOnlySequence<byte> arrived)
    {
        if (arrived.FirstSpan.Length >= PrefixBytes)
        {
            return BinaryPrimitives.ReadInt32BigEndian(arrived.FirstSpan);
        }

        Span<byte> prefix = stackalloc byte[PrefixBytes];
        arrived.Slice(0, PrefixBytes).CopyTo(prefix);
        return BinaryPrimitives.ReadInt32BigEndian(prefix);
    }
}
