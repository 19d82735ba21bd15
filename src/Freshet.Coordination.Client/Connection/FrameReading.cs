using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Client.Connection;

/// <summary>Cuts a byte stream into frames: int length, then that many bytes.</summary>
internal static class FrameReading
{
    /// <summary>Takes one whole frame off the front of what arrived; false when it is not all there yet.</summary>
    /// <exception cref="JuteException">The length is negative or above the limit.</exception>
    public static bool TryTake(ref ReadOnlySequence<byte> arrived, int maxBytes, out ReadOnlySequence<byte> frame)
    {
        frame = default;
        if (arrived.Length < sizeof(int))
        {
            return false;
        }

        Span<byte> prefix = stackalloc byte[sizeof(int)];
        arrived.Slice(0, sizeof(int)).CopyTo(prefix);
        int length = BinaryPrimitives.ReadInt32BigEndian(prefix);
        if (length < 0 || length > maxBytes)
        {
            throw new JuteException($"The server sent a frame of {length} bytes; at most {maxBytes} are accepted. Raise MaxFrameBytes if it is genuine.");
        }

        if (arrived.Length < sizeof(int) + length)
        {
            return false;
        }

        frame = arrived.Slice(sizeof(int), length);
        arrived = arrived.Slice(sizeof(int) + length);
        return true;
    }

    /// <summary>Waits for one frame, for the handshake; null when the connection ended.</summary>
    public static async ValueTask<byte[]?> ReadAsync(PipeReader input, int maxBytes, CancellationToken cancellation)
    {
        while (true)
        {
            ReadResult read = await input.ReadAsync(cancellation).ConfigureAwait(false);
            ReadOnlySequence<byte> rest = read.Buffer;
            if (TryTake(ref rest, maxBytes, out ReadOnlySequence<byte> frame))
            {
                byte[] bytes = frame.ToArray();
                input.AdvanceTo(rest.Start);
                return bytes;
            }

            input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (read.IsCompleted)
            {
                return null;
            }
        }
    }
}
