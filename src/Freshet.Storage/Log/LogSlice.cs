using System.Buffers;
using Freshet.Protocol.Kafka.Records;
using Freshet.Storage.Log.Segments;

namespace Freshet.Storage.Log;

/// <summary>
/// A run of whole batches in one segment, found but not read yet, so that the reader can first say how long it is and then have
/// it put where it belongs. Stays readable while the log grows or drops the segment.
/// </summary>
public readonly struct LogSlice : IRecordSource
{
    private readonly LogSegment? _segment;
    private readonly int _position;

    internal LogSlice(LogSegment segment, int position, int length)
    {
        _segment = segment;
        _position = position;
        Length = length;
    }

    /// <summary>Size in bytes; 0 when there is nothing to read.</summary>
    public int Length { get; }

    /// <summary>An offset that all records of the slice lie before; costs a look at the batch behind it. 0 when there is nothing to read.</summary>
    /// <exception cref="LogCorruptException">The file does not hold a batch where it should.</exception>
    public long FindEndOffset()
    {
        if (_segment is not { } segment)
        {
            return 0;
        }

        int end = _position + Length;
        int size = segment.Size;
        return end < size ? segment.HeaderAt(end, size).BaseOffset : segment.NextOffset;
    }

    /// <summary>
    /// Reads all of it when reading its segment has failed before: an answer that has begun cannot say that one of its partitions
    /// is not readable.
    /// </summary>
    /// <exception cref="IOException">The disk refuses, or the file is damaged.</exception>
    public void Probe()
    {
        if (_segment is { HasFailedRead: true } segment)
        {
            byte[] buffer = ArrayPool<byte>.Shared.Rent(Length);
            try
            {
                segment.Read(_position, buffer.AsSpan(0, Length));
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }

    /// <summary>Copies the batches from the file, the operating system's cache as a rule.</summary>
    /// <param name="from">Where in the slice to begin.</param>
    /// <param name="destination">Filled wholly; must not reach beyond <see cref="Length"/>.</param>
    /// <exception cref="LogCorruptException">The file is shorter than what was written.</exception>
    public void Read(int from, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)from + destination.Length, Length, nameof(destination));
        _segment?.Read(_position + from, destination);
    }
}
