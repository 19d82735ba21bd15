using Freshet.Protocol;
using Freshet.Protocol.Kafka.Records;
using Microsoft.Win32.SafeHandles;

namespace Freshet.Storage.Log.Segments;

/// <summary>Walks a segment's batches after a crash and checks every byte of them, without holding a whole batch in memory.</summary>
/// <param name="keptBefore">Batches before this offset were safely on disk: one whose bytes have changed since is told of, and stays.</param>
/// <param name="changed">Told of such a batch.</param>
/// <param name="hasGaps">Whether offsets may be missing between batches, as compaction leaves it. The checksum does not cover the offset.</param>
internal sealed class SegmentScan(
    string path, SafeFileHandle file, int position, long nextOffset, long keptBefore, Action<BatchHeader> changed, bool hasGaps) : IDisposable
{
    private const int ChecksummedFrom = 21;

    private readonly SegmentWindow _window = new(file);
    private readonly long _end = RandomAccess.GetLength(file);
    private long _nextOffset = nextOffset;

    /// <summary>Where the intact batches end.</summary>
    public int Position { get; private set; } = position;

    /// <summary>Bytes behind <see cref="Position"/>: a torn tail, once <see cref="TryNext"/> has said no.</summary>
    public long Rest => _end - Position;

    /// <summary>Whether a batch that stays has changed. Where it ends, and which offset follows, may not be what it says.</summary>
    public bool HasChanged { get; private set; }

    /// <summary>Takes the next batch when it is complete, intact and in order.</summary>
    public bool TryNext(out BatchHeader header)
    {
        header = default;
        ReadOnlySpan<byte> start = _window.At(Position, RecordBatch.HeaderSize);
        if (start.Length < RecordBatch.HeaderSize)
        {
            return false;
        }

        var batch = new RecordBatch(start);
        if (batch.Magic != RecordBatch.CurrentMagic || batch.Size < RecordBatch.HeaderSize || batch.Size > Rest
            || batch.BaseOffset < _nextOffset || (batch.BaseOffset > _nextOffset && !hasGaps) || batch.LastOffsetDelta < 0)
        {
            return false;
        }

        uint crc = batch.Crc;
        header = BatchHeader.Of(batch, Position);
        if (Checksum(header) != crc)
        {
            if (header.LastOffset >= keptBefore)
            {
                return false;
            }

            HasChanged = true;
            changed(header);
        }

        Position = header.End;
        _nextOffset = header.LastOffset + 1;
        return true;
    }

    public void Dispose() => _window.Dispose();

    private uint Checksum(BatchHeader header)
    {
        uint running = uint.MaxValue;
        int at = header.Position + ChecksummedFrom;
        while (at < header.End)
        {
            ReadOnlySpan<byte> part = _window.At(at, Math.Min(header.End - at, _window.Capacity));
            if (part.IsEmpty)
            {
                throw new LogCorruptException(path, at, "the file became shorter while it was read");
            }

            running = Crc32C.Append(running, part);
            at += part.Length;
        }

        return ~running;
    }
}
