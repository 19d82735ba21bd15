using System.Buffers;
using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Connections;

/// <summary>Cuts the bytes of a connection into contiguous frames. Shared by all connections, one at a time.</summary>
/// <param name="maxLength">Longest frame accepted.</param>
internal sealed class FrameReader(int maxLength)
{
    // Frames that span two buffers of the connection are joined here.
    private byte[] _joined = new byte[4096];

    /// <summary>Takes the next whole frame off <paramref name="input"/>. Valid until the next call.</summary>
    /// <exception cref="JuteException">The length is negative or above the limit: this is no client.</exception>
    public bool TryTake(ref ReadOnlySequence<byte> input, out ReadOnlySpan<byte> frame)
    {
        bool taken = JuteFrame.TryTake(ref input, maxLength, out ReadOnlySequence<byte> bytes);
        frame = Contiguous(bytes);
        return taken;
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
