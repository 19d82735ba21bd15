using System.Buffers;
using System.Buffers.Binary;

namespace Freshet.Coordination.Connections;

/// <summary>Cuts the bytes of a connection into frames. Shared by all connections, one at a time.</summary>
/// <param name="maxLength">Longest frame accepted.</param>
internal sealed class FrameReader(int maxLength)
{
    private const int PrefixBytes = sizeof(int);

    // Frames that span two buffers of the connection are joined here.
    private byte[] _joined = new byte[4096];

    /// <summary>Takes the next whole frame off <paramref name="input"/>. Valid until the next call.</summary>
    /// <exception cref="InvalidDataException">The length is negative or above the limit: this is no client.</exception>
    public bool TryTake(ref ReadOnlySequence<byte> input, out ReadOnlySpan<byte> frame)
    {
        frame = default;
        if (input.Length < PrefixBytes)
        {
            return false;
        }

        int length = BinaryPrimitives.ReadInt32BigEndian(Contiguous(input.Slice(0, PrefixBytes)));
        if (length < 0 || length > maxLength)
        {
            throw new InvalidDataException($"A frame of {length} bytes is not within [0, {maxLength}].");
        }

        if (input.Length - PrefixBytes < length)
        {
            return false;
        }

        frame = Contiguous(input.Slice(PrefixBytes, length));
        input = input.Slice(PrefixBytes + length);
        return true;
    }

    private ReadOnlySpan<byte> Contiguous(ReadOnlySequence<byte> bytes)
    {
        if (bytes.IsSingleSegment)
        {
            return bytes.FirstSpan;
        }

        if (_joined.Length < bytes.Length)
        {
            _joined = new byte[bytes.Length];
        }

        bytes.CopyTo(_joined);
        return _joined.AsSpan(0, (int)bytes.Length);
    }
}
