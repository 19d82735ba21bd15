using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Freshet.Storage.Log.Segments;

/// <summary>Reads a file front to back through one pooled buffer, so that a scan makes few system calls whatever the batch size.</summary>
internal sealed class SegmentWindow(SafeFileHandle file) : IDisposable
{
    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(1024 * 1024);
    private long _start;
    private int _length;

    /// <summary>Most bytes that <see cref="At"/> can give.</summary>
    public int Capacity => _buffer.Length;

    /// <summary>The bytes at a position; fewer than asked when the file ends. Valid until the next call.</summary>
    public ReadOnlySpan<byte> At(long position, int length)
    {
        if (position < _start || position + length > _start + _length)
        {
            _start = position;
            _length = ReadFully(position);
        }

        return _buffer.AsSpan((int)(position - _start), Math.Min(length, (int)(_start + _length - position)));
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    private int ReadFully(long position)
    {
        int total = 0;
        int read;
        do
        {
            read = RandomAccess.Read(file, _buffer.AsSpan(total), position + total);
            total += read;
        }
        while (read > 0 && total < _buffer.Length);
        return total;
    }
}
