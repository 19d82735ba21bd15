using Freshet.Storage.Log.Compaction;
using Microsoft.Win32.SafeHandles;

namespace Freshet.Storage.Log;

/// <summary>
/// One file of batches with its two indexes. One writer appends; readers may look up and read at the same time, up to the size
/// that the writer has published.
/// </summary>
internal sealed class LogSegment : IDisposable
{
    private const long NoTimestamp = -1;

    private readonly OffsetIndex _offsets;
    private readonly TimeIndex _times;
    private SafeFileHandle? _file;
    private TimestampOffset _maxTimestamp;
    private int _size;
    private int _bytesSinceIndexEntry;
    private int _indexEntries;

    private LogSegment(string folder, long baseOffset, string suffix = "")
    {
        BaseOffset = baseOffset;
        NextOffset = baseOffset;
        Path = SegmentFiles.PathOf(folder, baseOffset, SegmentFiles.LogSuffix) + suffix;
        _maxTimestamp = new TimestampOffset(NoTimestamp, baseOffset);
        _offsets = new OffsetIndex(SegmentFiles.PathOf(folder, baseOffset, SegmentFiles.OffsetIndexSuffix) + suffix, baseOffset);
        _times = new TimeIndex(SegmentFiles.PathOf(folder, baseOffset, SegmentFiles.TimeIndexSuffix) + suffix, baseOffset);
    }

    public long BaseOffset { get; }

    public string Path { get; private set; }

    /// <summary>Bytes of complete batches.</summary>
    public int Size => Volatile.Read(ref _size);

    /// <summary>Offset that the batch after the last one begins at.</summary>
    public long NextOffset { get; private set; }

    /// <summary>The largest timestamp, and the last offset of the batch that holds it; -1 when there is none.</summary>
    public TimestampOffset MaxTimestamp => _maxTimestamp;

    /// <summary>Largest size in bytes of an index.</summary>
    public int IndexBytes => _indexEntries * TimeIndex.EntrySize;

    /// <summary>Timestamp of the first batch; -1 when there is none.</summary>
    public long FirstTimestamp { get; private set; } = NoTimestamp;

    /// <summary>Timestamp of the first batch, read from the file when the segment was opened closed; -1 when there is none.</summary>
    public long ReadFirstTimestamp() => FirstTimestamp = FirstTimestamp == NoTimestamp && Size > 0 ? FirstTimestampOf(HeaderAt(0, Size)) : FirstTimestamp;

    /// <summary>When the file was last written, for segments whose records have no time.</summary>
    public DateTimeOffset LastWritten => new(System.IO.File.GetLastWriteTimeUtc(Path));

    public static LogSegment Create(string folder, long baseOffset)
    {
        var segment = new LogSegment(folder, baseOffset);
        segment.File();
        return segment;
    }

    /// <summary>Opens a closed segment that is known to be whole; its file is opened when it is first read.</summary>
    /// <exception cref="LogCorruptException">Its index is lost, and the batches do not lead to the end of the file.</exception>
    public static LogSegment OpenClosed(string folder, long baseOffset, long nextOffset, int indexInterval)
    {
        var segment = new LogSegment(folder, baseOffset);
        int length = checked((int)new FileInfo(segment.Path).Length);
        if (length > 0 && segment._times.Count == 0)
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
        segment._maxTimestamp = segment._times.Last ?? segment._maxTimestamp;
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
            RandomAccess.SetLength(segment.File(), segment.Size);
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
        _offsets.Rename(SegmentFiles.PathOf(folder, BaseOffset, SegmentFiles.OffsetIndexSuffix));
        _times.Rename(SegmentFiles.PathOf(folder, BaseOffset, SegmentFiles.TimeIndexSuffix));
        string path = SegmentFiles.PathOf(folder, BaseOffset, SegmentFiles.LogSuffix);
        System.IO.File.Move(Path, path);
        Path = path;
    }

    /// <summary>Opens all files, so that readers can go on when their names are gone.</summary>
    public void HoldOpen()
    {
        File();
        _offsets.HoldOpen();
        _times.HoldOpen();
    }

    /// <summary>Writes one batch, already stamped, behind the last one.</summary>
    public void Append(ReadOnlySpan<byte> batch, BatchHeader header, int indexInterval)
    {
        if (_bytesSinceIndexEntry > indexInterval)
        {
            // What may fail comes first: a batch that is written is also indexed.
            _offsets.MakeRoom();
            _times.MakeRoom();
        }

        try
        {
            RandomAccess.Write(File(), batch, _size);
        }
        catch (IOException)
        {
            CutBack();
            throw;
        }

        Include(header, indexInterval);
    }

    /// <summary>Takes back what a failed write left behind the last batch: a closed segment ends where its last batch does.</summary>
    private void CutBack()
    {
        try
        {
            RandomAccess.SetLength(File(), _size);
        }
        catch (IOException)
        {
            // The next append writes over it, and a start cuts it off while the segment is the last.
        }
    }

    /// <summary>Position of the batch that holds <paramref name="offset"/>, or the first one after it; <see cref="Size"/> when there is none.</summary>
    public int PositionOf(long offset)
    {
        int end = Size;
        int position = _offsets.PositionBefore(offset);
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
        int position = Math.Max(start, _offsets.StartBefore(limit));
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
    public BatchHeader HeaderAt(int position, int end) => SegmentHeaders.Read(File(), Path, position, end);

    /// <summary>Fills the destination from a position.</summary>
    /// <exception cref="LogCorruptException">The file has become shorter.</exception>
    public void Read(int position, Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            int read = RandomAccess.Read(File(), destination, position);
            if (read == 0)
            {
                throw new LogCorruptException(Path, position, "the file is shorter than what was written");
            }

            position += read;
            destination = destination[read..];
        }
    }

    /// <summary>The first offset that can have a record of this time or later.</summary>
    public long FirstOffsetNotBefore(long timestamp) => _times.FirstOffsetNotBefore(timestamp);

    /// <summary>Completes the indexes of a segment that grows no more.</summary>
    public void Seal()
    {
        CompleteTimeIndex();
        _offsets.Seal();
        _times.Seal();
    }

    /// <summary>Forces the batches to disk.</summary>
    public void FlushBatches() => RandomAccess.FlushToDisk(File());

    /// <summary>Writes the indexes, and forces them to disk when asked.</summary>
    public void FlushIndexes(bool force)
    {
        CompleteTimeIndex();
        _offsets.Flush(force);
        _times.Flush(force);
    }

    public void Dispose()
    {
        _file?.Dispose();
        _offsets.Dispose();
        _times.Dispose();
    }

    private void CompleteTimeIndex()
    {
        if (_maxTimestamp.Timestamp != NoTimestamp)
        {
            _times.Append(_maxTimestamp);
        }
    }

    private void ScanFrom(long offset, int indexInterval, out long tornBytes)
    {
        _offsets.TruncateFrom(offset);
        _times.TruncateFrom(offset);
        _maxTimestamp = _times.Last ?? _maxTimestamp;
        _size = _offsets.PositionBefore(offset);
        _indexEntries = _offsets.Count;
        FirstTimestamp = _size > 0 ? FirstTimestampOf(HeaderAt(0, int.MaxValue)) : NoTimestamp;
        using var scan = new SegmentScan(Path, File(), _size, BaseOffset);
        while (scan.TryNext(out BatchHeader header))
        {
            Include(header, indexInterval);
        }

        tornBytes = scan.Rest;
    }

    /// <summary>Takes a batch that is in the file into the indexes, then lets readers see it.</summary>
    private void Include(BatchHeader header, int indexInterval)
    {
        if (FirstTimestamp == NoTimestamp)
        {
            FirstTimestamp = FirstTimestampOf(header);
        }

        if (header.MaxTimestamp > _maxTimestamp.Timestamp)
        {
            _maxTimestamp = new TimestampOffset(header.MaxTimestamp, header.LastOffset);
        }

        if (_bytesSinceIndexEntry > indexInterval)
        {
            _offsets.Append(header.LastOffset, header.Position);
            _indexEntries++;
            CompleteTimeIndex();
            _bytesSinceIndexEntry = 0;
        }

        _bytesSinceIndexEntry += header.Size;
        NextOffset = header.LastOffset + 1;
        Volatile.Write(ref _size, header.End);
    }

    /// <summary>A batch that compaction gave a delete horizon has no time of its first record any more.</summary>
    private static long FirstTimestampOf(BatchHeader header) => header.Attributes.HasDeleteHorizon ? header.MaxTimestamp : header.BaseTimestamp;

    private SafeFileHandle File()
    {
        if (_file is { } open)
        {
            return open;
        }

        SafeFileHandle opened = System.IO.File.OpenHandle(Path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        SafeFileHandle? first = Interlocked.CompareExchange(ref _file, opened, null);
        if (first is not null)
        {
            opened.Dispose();
        }

        return first ?? opened;
    }
}
