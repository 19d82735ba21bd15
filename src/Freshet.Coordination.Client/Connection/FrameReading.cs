using System.Buffers;
using System.IO.Pipelines;
using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Client.Connection;

/// <summary>Reads single frames off a connection that does not yet run.</summary>
internal static class FrameReading
{
    /// <summary>Waits for one frame, for the handshake; null when the connection ended.</summary>
    public static async ValueTask<byte[]?> ReadAsync(PipeReader input, int maxBytes, CancellationToken cancellation)
    {
        while (true)
        {
            ReadResult read = await input.ReadAsync(cancellation).ConfigureAwait(false);
            ReadOnlySequence<byte> rest = read.Buffer;
            if (JuteFrame.TryTake(ref rest, maxBytes, out ReadOnlySequence<byte> frame))
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
