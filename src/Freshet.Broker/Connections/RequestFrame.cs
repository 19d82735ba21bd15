using System.Buffers;

namespace Freshet.Broker.Connections;

/// <summary>The bytes of one request, in a pooled buffer. Dispose it when the request is answered.</summary>
internal sealed class RequestFrame(int capacity) : IDisposable
{
    /// <summary>API key, version, correlation id and the length of the client id.</summary>
    public const int MinHeader = 10;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(capacity);

    public int Length { get; private set; }

    public Memory<byte> Memory => _buffer.AsMemory(0, Length);

    /// <summary>Adds bytes; the buffer grows fourfold up to <paramref name="size"/>, so a frame that never comes costs little.</summary>
    public void Append(ReadOnlySequence<byte> piece, int size)
    {
        int needed = Length + (int)piece.Length;
        if (needed > _buffer.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(size, Math.Max(needed, 4L * _buffer.Length)));
            Memory.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        piece.CopyTo(_buffer.AsSpan(Length));
        Length = needed;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        Length = 0;
    }
}
