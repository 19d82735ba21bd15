using Freshet.Storage.Log.Indexes;

namespace Freshet.Storage.Log.Segments;

/// <summary>The two indexes of a segment, by offset and by time, and what they are built from as batches are added.</summary>
internal sealed class SegmentIndexes : IDisposable
{
    private const long NoTimestamp = -1;

    private readonly OffsetIndex _offsets;
    private readonly TimeIndex _times;
    private int _bytesSinceEntry;
    private int _entries;

    /// <param name="suffix">What follows the usual names, for a segment that is not in use yet.</param>
    public SegmentIndexes(string folder, long baseOffset, string suffix)
    {
        MaxTimestamp = new TimestampOffset(NoTimestamp, baseOffset);
        _offsets = new OffsetIndex(SegmentFiles.PathOf(folder, baseOffset, SegmentFiles.OffsetIndexSuffix) + suffix, baseOffset);
        _times = new TimeIndex(SegmentFiles.PathOf(folder, baseOffset, SegmentFiles.TimeIndexSuffix) + suffix, baseOffset);
    }

    /// <summary>The largest timestamp, and the last offset of the batch that holds it; -1 when there is none.</summary>
    public TimestampOffset MaxTimestamp { get; private set; }

    /// <summary>Size in bytes of the larger one.</summary>
    public int Size => _entries * TimeIndex.EntrySize;

    /// <summary>Whether the index by time has nothing, as when its file was lost: that of a closed segment has its largest timestamp.</summary>
    public bool AreLost => _times.Count == 0;

    /// <summary>Position of a batch at or before the one that holds an offset.</summary>
    public int PositionBefore(long offset) => _offsets.PositionBefore(offset);

    /// <summary>The greatest batch start known that is not beyond a position.</summary>
    public int StartBefore(int position) => _offsets.StartBefore(position);

    /// <summary>The first offset that can have a record of this time or later.</summary>
    public long FirstOffsetNotBefore(long timestamp) => _times.FirstOffsetNotBefore(timestamp);

    /// <summary>Makes sure that the next batch can be added: what may fail comes before it is written.</summary>
    /// <exception cref="IOException">The disk refuses; nothing has changed.</exception>
    public void MakeRoom(int interval)
    {
        if (_bytesSinceEntry > interval)
        {
            _offsets.MakeRoom();
            _times.MakeRoom();
        }
    }

    /// <summary>Takes in the batch that follows the last one.</summary>
    public void Include(in BatchHeader header, int interval)
    {
        if (header.MaxTimestamp > MaxTimestamp.Timestamp)
        {
            MaxTimestamp = new TimestampOffset(header.MaxTimestamp, header.LastOffset);
        }

        if (_bytesSinceEntry > interval)
        {
            _offsets.Append(header.LastOffset, header.Position);
            _entries++;
            Complete();
            _bytesSinceEntry = 0;
        }

        _bytesSinceEntry += header.Size;
    }

    /// <summary>Takes what the files say, of a segment that is known to be whole.</summary>
    public void Trust() => MaxTimestamp = _times.Last ?? MaxTimestamp;

    /// <summary>Forgets the batches from an offset on, which are to be added anew.</summary>
    public void TruncateFrom(long offset)
    {
        _offsets.TruncateFrom(offset);
        _times.TruncateFrom(offset);
        _entries = _offsets.Count;
        Trust();
    }

    /// <summary>Completes the indexes of a segment that grows no more.</summary>
    public void Seal()
    {
        Complete();
        _offsets.Seal();
        _times.Seal();
    }

    /// <summary>Writes what waits in memory, and forces it to disk when asked.</summary>
    public void Flush(bool force)
    {
        Complete();
        _offsets.Flush(force);
        _times.Flush(force);
    }

    /// <summary>Opens the files, so that readers can go on when their names are gone.</summary>
    public void HoldOpen()
    {
        _offsets.HoldOpen();
        _times.HoldOpen();
    }

    /// <summary>Drops the suffix of a segment that waited under another name.</summary>
    public void TakeFinalName(string folder, long baseOffset)
    {
        _offsets.Rename(SegmentFiles.PathOf(folder, baseOffset, SegmentFiles.OffsetIndexSuffix));
        _times.Rename(SegmentFiles.PathOf(folder, baseOffset, SegmentFiles.TimeIndexSuffix));
    }

    public void Dispose()
    {
        _offsets.Dispose();
        _times.Dispose();
    }

    private void Complete()
    {
        if (MaxTimestamp.Timestamp != NoTimestamp)
        {
            _times.Append(MaxTimestamp);
        }
    }
}
