using Freshet.Storage.Log.Compaction;

namespace Freshet.Storage.Log.Segments;

/// <summary>
/// One file of batches with its two indexes. One writer appends; readers may look up and read at the same time, up to the size
/// that the writer has published.
/// </summary>
internal sealed class LogSegment : IDisposable
{
    private const long NoTimestamp = -1;

    private readonly SegmentFile _file;
    private readonly SegmentIndexes _indexes;
    private int _size;

    private LogSegment(string folder, long baseOffset, string suffix = "")
    {
        BaseOffset = baseOffset;
        NextOffset = baseOffset;
        _file = new SegmentFile(SegmentFiles.PathOf(folder, baseOffset, SegmentFiles.LogSuffix) + suffix);
        _indexes = new SegmentIndexes(folder, baseOffset, suffix);
    }

    public long BaseOffset { get; }

    public string Path => _file.Path;

    /// <summary>Bytes of complete batches.</summary>
    public int Size => Volatile.Read(ref _size);

    /// <summary>Offset that the batch after the last one begins at.</summary>
    public long NextOffset { get; private set; }

    /// <summary>The largest timestamp, and the last offset of the batch that holds it; -1 when there is none.</summary>
    public TimestampOffset MaxTimestamp => _indexes.MaxTimestamp;

    /// <summary>Largest size in bytes of an index.</summary>
    public int IndexBytes => _indexes.Size;

    /// <summary>Timestamp of the first batch; -1 when there is none.</summary>
    public long FirstTimestamp { get; private set; } = NoTimestamp;

    /// <summary>Timestamp of the first batch, read from the file when the segment was opened closed; -1 when there is none.</summary>
    public long ReadFirstTimestamp() => FirstTimestamp = FirstTimestamp == NoTimestamp && Size > 0 ? FirstTimestampOf(HeaderAt(0, Size)) : FirstTimestamp;

    /// <summary>When the file was last written, for segments whose records have no time.</summary>
    public DateTimeOffset LastWritten => new(File.GetLastWriteTimeUtc(Path));

    public static LogSegment Create(string folder, long baseOffset)
    {
        var segment = new LogSegment(folder, baseOffset);
        _ = segment._file.Handle;
        return segment;
    }

    /// <summary>Opens a closed segment that is known to be whole; its file is opened when it is first read.</summary>
    /// <exception cref="LogCorruptException">Its index is lost, and the batches do not lead to the end of the file.</exception>
    public static LogSegment OpenClosed(string folder, long baseOffset, long nextOffset, int indexInterval)
    {
        var segment = new LogSegment(folder, baseOffset);
        int length = checked((int)new FileInfo(segment.Path).Length);
        if (length > 0 && segment._indexes.AreLost)
        {
            segment.ScanFrom(baseOffset, indexInterval, out long tornBytes);
            segment.Seal();
            if (tornBytes > 0)
            {
                throw new LogCorruptException(segment.Path, segment.Size, "a batch is cut off or does not match its checksum, in a segment that was closed");
            }
        }

        segment._size = length;
        segment.NextOffset = nextOffset;
        segment._indexes.Trust();
        return segment;
    }

    /// <summary>
    /// Opens a segment that may have been written to when the process ended. All before <paramref name="recoveryPoint"/> is
    /// known to be on disk; what follows is checked and indexed anew, and a torn tail is cut off.
    /// </summary>
    public static LogSegment OpenChecked(string folder, long baseOffset, long recoveryPoint, int indexInterval, out long tornBytes)
    {
        var segment = new LogSegment(folder, baseOffset);
        segment.ScanFrom(Math.Max(recoveryPoint, baseOffset), indexInterval, out tornBytes);
        if (tornBytes > 0)
        {
            segment._file.Cut(segment.Size);
        }

        return segment;
    }

    /// <summary>Opens a compacted segment that waits under the name <c>.swap</c>, checks it and builds its indexes anew.</summary>
    public static LogSegment OpenSwap(string folder, long baseOffset, int indexInterval, out long tornBytes)
    {
        SegmentFiles.Delete(folder, baseOffset, SegmentSwap.SwapSuffix, indexesOnly: true);
        var segment = new LogSegment(folder, baseOffset, SegmentSwap.SwapSuffix);
        segment.ScanFrom(baseOffset, indexInterval, out tornBytes);
        return segment;
    }

    /// <summary>Drops the suffix of a segment that waited under another name.</summary>
    public void TakeFinalName(string folder)
    {
        _indexes.TakeFinalName(folder, BaseOffset);
        _file.Rename(SegmentFiles.PathOf(folder, BaseOffset, SegmentFiles.LogSuffix));
    }

    /// <summary>Opens all files, so that readers can go on when their names are gone.</summary>
    public void HoldOpen()
    {
        _ = _file.Handle;
        _indexes.HoldOpen();
    }

    /// <summary>Writes one batch, already stamped, behind the last one.</summary>
    /// <exception cref="IOException">The disk refuses; nothing was appended.</exception>
    public void Append(ReadOnlySpan<byte> batch, in BatchHeader header, int indexInterval)
    {
        _indexes.MakeRoom(indexInterval);
        _file.Append(batch, _size);
        Include(header, indexInterval);
    }

    /// <summary>Position of the batch that holds <paramref name="offset"/>, or the first one after it; <see cref="Size"/> when there is none.</summary>
    public int PositionOf(long offset)
    {
        int end = Size;
        int position = _indexes.PositionBefore(offset);
        while (position < end)
        {
            BatchHeader header = HeaderAt(position, end);
            if (header.LastOffset >= offset)
            {
                return position;
            }

            position = header.End;
        }

        return end;
    }

    /// <summary>The end of the last batch that fits in <paramref name="maxBytes"/> from a batch's start; that start when none fits.</summary>
    public int EndOfWholeBatches(int start, int maxBytes)
    {
        int end = Size;
        if (end - start <= maxBytes)
        {
            return end;
        }

        int limit = start + maxBytes;
        int position = Math.Max(start, _indexes.StartBefore(limit));
        while (true)
        {
            int next = HeaderAt(position, end).End;
            if (next > limit)
            {
                return position;
            }

            position = next;
        }
    }

    /// <summary>Reads the header of the batch that starts at a position.</summary>
    /// <exception cref="LogCorruptException">No batch can start there.</exception>
    public BatchHeader HeaderAt(int position, int end) => SegmentHeaders.Read(_file.Handle, Path, position, end);

    /// <summary>Fills the destination from a position.</summary>
    /// <exception cref="LogCorruptException">The file has become shorter.</exception>
    public void Read(int position, Span<byte> destination) => _file.Read(position, destination);

    /// <summary>Whether reading its batches has failed before.</summary>
    public bool HasFailedRead => _file.HasFailedRead;

    /// <summary>The first offset that can have a record of this time or later.</summary>
    public long FirstOffsetNotBefore(long timestamp) => _indexes.FirstOffsetNotBefore(timestamp);

    /// <summary>Completes a segment that grows no more.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    public void Seal()
    {
        _file.CutRest(_size);
        _indexes.Seal();
    }

    /// <summary>Forces the batches to disk.</summary>
    public void FlushBatches() => _file.Flush();

    /// <summary>Writes the indexes, and forces them to disk when asked.</summary>
    public void FlushIndexes(bool force) => _indexes.Flush(force);

    public void Dispose()
    {
        _file.Dispose();
        _indexes.Dispose();
    }

    private void ScanFrom(long offset, int indexInterval, out long tornBytes)
    {
        _indexes.TruncateFrom(offset);
        _size = _indexes.PositionBefore(offset);
        FirstTimestamp = _size > 0 ? FirstTimestampOf(HeaderAt(0, int.MaxValue)) : NoTimestamp;
        using var scan = new SegmentScan(Path, _file.Handle, _size, BaseOffset);
        while (scan.TryNext(out BatchHeader header))
        {
            Include(header, indexInterval);
        }

        tornBytes = scan.Rest;
    }

    /// <summary>Takes a batch that is in the file into the indexes, then lets readers see it.</summary>
    private void Include(in BatchHeader header, int indexInterval)
    {
        if (FirstTimestamp == NoTimestamp)
        {
            FirstTimestamp = FirstTimestampOf(header);
        }

        _indexes.Include(header, indexInterval);
        NextOffset = header.LastOffset + 1;
        Volatile.Write(ref _size, header.End);
    }

    /// <summary>A batch that compaction gave a delete horizon has no time of its first record any more.</summary>
    private static long FirstTimestampOf(in BatchHeader header) => header.Attributes.HasDeleteHorizon ? header.MaxTimestamp : header.BaseTimestamp;
}
