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

    /// <summary>The last batch in the index that ends at or before an offset; null when there is none.</summary>
    public BatchHeader? LastUpTo(long offset, LogSegment segment) => LastOf(_offsets.CountUpTo(offset), segment);

    /// <summary>The last batch in the index that starts at or before a position; null when there is none.</summary>
    public BatchHeader? LastUpToPosition(int position, LogSegment segment) => LastOf(_offsets.CountUpToPosition(position), segment);

    /// <summary>The first offset that can have a record of this time or later.</summary>
    public long FirstOffsetNotBefore(long timestamp, LogSegment segment)
    {
        for (int number = _times.CountBefore(timestamp); number > 0; number--)
        {
            TimestampOffset entry = _times.EntryAt(number - 1);
            if (segment.HasTime(entry))
            {
                return entry.Offset + 1;
            }
        }

        return segment.BaseOffset;
    }

    /// <summary>Whether the entries can be right, of a segment that ends there. Reads both files.</summary>
    public bool AreInOrder(long nextOffset, long size) => _offsets.IsInOrder(nextOffset, size) && _times.IsInOrder(nextOffset);

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

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _offsets.Clear();
        _times.Clear();
        _entries = 0;
        MaxTimestamp = new TimestampOffset(NoTimestamp, MaxTimestamp.Offset);
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

    /// <summary>The batch of the last of so many entries. The files have no checksums: an entry counts when the batch at its place is the one it speaks of.</summary>
    private BatchHeader? LastOf(int entries, LogSegment segment)
    {
        for (int number = entries; number > 0; number--)
        {
            (long lastOffset, int position) = _offsets.EntryAt(number - 1);
            if (segment.TryHeaderAt(position) is { } header && header.LastOffset == lastOffset)
            {
                return header;
            }
        }

        return null;
    }

    private void Complete()
    {
        if (MaxTimestamp.Timestamp != NoTimestamp)
        {
            _times.Append(MaxTimestamp);
        }
    }
}
