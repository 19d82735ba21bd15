using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Freshet.Protocol.Kafka;

namespace Freshet.Broker.Connections;

/// <summary>Takes request frames off a connection, each into one contiguous pooled buffer that grows with the bytes that really come.</summary>
internal sealed class FrameReader(PipeReader input, Peer peer, BrokerOptions options)
{
    private const int SizeAndKey = sizeof(int) + sizeof(short);
    private const int FirstBuffer = 64 * 1024;

    private int MaxWhileUnknown => (peer.Sasl?.Options ?? options.Sasl).MaxRequestBytes;

    /// <summary>A bare token, as the first form of SASL sends it, or null when the client is done.</summary>
    /// <exception cref="KafkaFormatException">The size cannot be that of a token.</exception>
    public async ValueTask<byte[]?> ReadTokenAsync(CancellationToken cancellation)
    {
        ReadResult start = await input.ReadAtLeastAsync(sizeof(int), cancellation).ConfigureAwait(false);
        if (start.Buffer.Length < sizeof(int))
        {
            return null;
        }

        int size = ReadSize(start.Buffer);
        input.AdvanceTo(start.Buffer.GetPosition(sizeof(int)));
        if (size < 0 || size > MaxWhileUnknown)
        {
            throw new KafkaFormatException($"A token announces {size} bytes; at most {MaxWhileUnknown} are accepted.");
        }

        if (size == 0)
        {
            return [];
        }

        ReadResult rest = await input.ReadAtLeastAsync(size, cancellation).ConfigureAwait(false);
        if (rest.Buffer.Length < size)
        {
            return null;
        }

        byte[] token = rest.Buffer.Slice(0, size).ToArray();
        input.AdvanceTo(rest.Buffer.GetPosition(size));
        return token;
    }

    /// <summary>The next frame, or null when the client is done. The caller disposes it.</summary>
    /// <exception cref="KafkaFormatException">The size cannot be that of a request.</exception>
    public async ValueTask<RequestFrame?> ReadAsync(CancellationToken cancellation)
    {
        ReadResult start = await input.ReadAtLeastAsync(sizeof(int), cancellation).ConfigureAwait(false);
        if (start.Buffer.Length is >= sizeof(int) and < SizeAndKey && IsPossible(ReadSize(start.Buffer)))
        {
            input.AdvanceTo(start.Buffer.Start, start.Buffer.End);
            start = await input.ReadAtLeastAsync(SizeAndKey, cancellation).ConfigureAwait(false);
        }

        if (start.Buffer.Length < sizeof(int) || (start.Buffer.Length < SizeAndKey && IsPossible(ReadSize(start.Buffer))))
        {
            return null;
        }

        int size = CheckedSize(start.Buffer);
        input.AdvanceTo(start.Buffer.GetPosition(sizeof(int)));
        var frame = new RequestFrame(Math.Min(size, FirstBuffer));
        while (frame.Length < size)
        {
            ReadResult more = await input.ReadAsync(cancellation).ConfigureAwait(false);
            ReadOnlySequence<byte> piece = more.Buffer.Slice(0, Math.Min(more.Buffer.Length, size - frame.Length));
            frame.Append(piece, size);
            input.AdvanceTo(piece.End);
            if (more.IsCompleted && frame.Length < size)
            {
                frame.Dispose();
                return null;
            }
        }

        return frame;
    }

    private static int ReadSize(ReadOnlySequence<byte> start)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        start.Slice(0, sizeof(int)).CopyTo(bytes);
        return BinaryPrimitives.ReadInt32BigEndian(bytes);
    }

    /// <summary>Whether a request of any kind can have this size; if not, no more of it is waited for.</summary>
    private bool IsPossible(int size) => size >= RequestFrame.MinHeader && size <= MaxOfAny;

    private int MaxOfAny => peer.IsKnown ? Math.Max(options.MaxProduceRequestBytes, options.MaxRequestBytes) : MaxWhileUnknown;

    private int CheckedSize(ReadOnlySequence<byte> start)
    {
        int size = ReadSize(start);
        int most = start.Length < SizeAndKey || !peer.IsKnown ? MaxOfAny : ReadKey(start) == ApiKey.Produce ? options.MaxProduceRequestBytes : options.MaxRequestBytes;
        return size >= RequestFrame.MinHeader && size <= most
            ? size
            : throw new KafkaFormatException($"A request announces {size} bytes; between {RequestFrame.MinHeader} and {most} are accepted of this client and kind.");
    }

    private static ApiKey ReadKey(ReadOnlySequence<byte> start)
    {
        Span<byte> bytes = stackalloc byte[sizeof(short)];
        start.Slice(sizeof(int), sizeof(short)).CopyTo(bytes);
        return (ApiKey)BinaryPrimitives.ReadInt16BigEndian(bytes);
    }
}
