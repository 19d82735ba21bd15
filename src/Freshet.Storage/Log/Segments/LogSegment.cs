using Freshet.Storage.Log.Compaction;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Freshet.Storage.Log.Segments;

/// <summary>
/// One file of batches with its two indexes. One writer appends; readers may look up and read at the same time, up to the size
/// that the writer has published.
/// </summary>
internal sealed class LogSegment : IDisposable
{
    private const long NoTimestamp = -1;

    private readonly SegmentFile _file;
    private readonly ILogger _logger;
    private readonly Lock _checking = new();
    private SegmentIndexes _indexes;
    private int _indexInterval;
    private bool _isUnchecked;
    private int _size;

    private LogSegment(string folder, long baseOffset, ILogger logger, string suffix = "")
    {
        BaseOffset = baseOffset;
        NextOffset = baseOffset;
        _logger = logger;
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

    public static LogSegment Create(string folder, long baseOffset, ILogger logger)
    {
        var segment = new LogSegment(folder, baseOffset, logger);
        _ = segment._file.Handle;
        return segment;
    }

    /// <summary>Opens a closed segment that is known to be whole; its file is opened when it is first read, and its indexes are checked then.</summary>
    public static LogSegment OpenClosed(string folder, long baseOffset, long nextOffset, int indexInterval, ILogger logger)
    {
        var segment = new LogSegment(folder, baseOffset, logger);
        int length = checked((int)new FileInfo(segment.Path).Length);
        if (length > 0 && segment._indexes.AreLost)
        {
            segment.ScanFrom(baseOffset, indexInterval, keptBefore: long.MaxValue, hasGaps: true, out long unreadable);
            segment.Seal();
            if (unreadable > 0)
            {
                LogEvents.ClosedSegmentDamaged(logger, segment.Path, segment.Size, segment.NextOffset);
            }
        }
        else
        {
            segment._indexes.Trust();
            segment._indexInterval = indexInterval;
            segment._isUnchecked = true;
        }

        segment._size = length;
        segment.NextOffset = nextOffset;
        return segment;
    }

    /// <summary>
    /// Opens a segment that may have been written to when the process ended. All before <paramref name="recoveryPoint"/> is
    /// known to be on disk; what follows is checked and indexed anew, and a torn tail is cut off.
    /// </summary>
    /// <param name="isLast">Whether the segment is the last one, which is never compacted.</param>
    /// <param name="force">Whether what is kept of it elsewhere must be on disk before it is cut off here.</param>
    /// <exception cref="LogCorruptException">There is no way to what follows the recovery point. Nothing is cut.</exception>
    public static LogSegment OpenChecked(string folder, long baseOffset, long recoveryPoint, int indexInterval, bool isLast, bool force, ILogger logger)
    {
        var segment = new LogSegment(folder, baseOffset, logger);
        bool isIntact = segment.ScanFrom(Math.Max(recoveryPoint, baseOffset), indexInterval, recoveryPoint, hasGaps: !isLast, out long tornBytes);
        if (segment.NextOffset < recoveryPoint || (tornBytes > 0 && !isIntact))
        {
            segment.Dispose();
            throw new LogCorruptException(
                segment.Path, segment.Size, $"no batch of offset {segment.NextOffset} begins there, though all before {recoveryPoint} were on disk");
        }

        if (tornBytes > 0)
        {
            LostBatches.Keep(segment._file.Handle, segment.Path, segment.Size, segment.NextOffset, force, logger);
            segment._file.Cut(segment.Size);
            LogEvents.TornTailCut(logger, segment.Path, segment.Size, tornBytes, segment.NextOffset);
        }

        return segment;
    }

    /// <summary>Opens a compacted segment that waits under the name <c>.swap</c>, checks it and builds its indexes anew.</summary>
    public static LogSegment OpenSwap(string folder, long baseOffset, int indexInterval, out long tornBytes)
    {
        SegmentFiles.Delete(folder, baseOffset, SegmentSwap.SwapSuffix, indexesOnly: true);
        var segment = new LogSegment(folder, baseOffset, NullLogger.Instance, SegmentSwap.SwapSuffix);
        segment.ScanFrom(baseOffset, indexInterval, keptBefore: baseOffset, hasGaps: true, out tornBytes);
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
    /// <exception cref="LogCorruptException">The way to it is damaged.</exception>
    public int PositionOf(long offset)
    {
        int end = Size;
        int position = 0;
        if (Indexes.LastUpTo(offset, this) is { } known)
        {
            if (known.LastOffset >= offset)
            {
                return known.Position;
            }

            position = known.End;
        }

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
    /// <exception cref="LogCorruptException">The way to it is damaged.</exception>
    public int EndOfWholeBatches(int start, int maxBytes)
    {
        int end = Size;
        if (end - start <= maxBytes)
        {
            return end;
        }

        int limit = start + maxBytes;
        int position = start;
        if (Indexes.LastUpToPosition(limit, this) is { } known && known.Position >= start)
        {
            if (known.End > limit)
            {
                return known.Position;
            }

            position = known.End;
        }

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
    /// <exception cref="LogCorruptException">No batch of this segment can start there.</exception>
    public BatchHeader HeaderAt(int position, int end)
    {
        BatchHeader header = SegmentHeaders.Read(_file.Handle, Path, position, end);
        // The checksum does not cover the offset. A reader that is led astray by it passes over what lies between.
        return header.BaseOffset >= BaseOffset && header.LastOffset < NextOffset
            ? header
            : throw new LogCorruptException(Path, position, $"the batch there claims offset {header.BaseOffset}, in a segment of {BaseOffset} to {NextOffset - 1}");
    }

    /// <summary>Reads the header at a position that may be anywhere; null when no batch can start there.</summary>
    public BatchHeader? TryHeaderAt(int position) => SegmentHeaders.TryRead(_file.Handle, position, Size);

    /// <summary>Fills the destination from a position.</summary>
    /// <exception cref="LogCorruptException">The file has become shorter.</exception>
    public void Read(int position, Span<byte> destination) => _file.Read(position, destination);

    /// <summary>Whether reading its batches has failed before.</summary>
    public bool HasFailedRead => _file.HasFailedRead;

    /// <summary>The first offset that can have a record of this time or later.</summary>
    public long FirstOffsetNotBefore(long timestamp) => Indexes.FirstOffsetNotBefore(timestamp, this);

    /// <summary>Whether the batch that ends at an offset has this largest time.</summary>
    public bool HasTime(TimestampOffset entry)
    {
        int end = Size;
        int position = PositionOf(entry.Offset);
        return position < end && HeaderAt(position, end) is var header && header.LastOffset == entry.Offset && header.MaxTimestamp == entry.Timestamp;
    }

    /// <summary>The largest timestamp, compared with the batch that has it: before something is deleted because of it.</summary>
    public TimestampOffset ConfirmMaxTimestamp()
    {
        try
        {
            SegmentIndexes indexes = Indexes;
            if (indexes.MaxTimestamp.Timestamp != NoTimestamp && !HasTime(indexes.MaxTimestamp))
            {
                RebuildIndexes();
            }
        }
        catch (LogCorruptException)
        {
            // The way to that batch is damaged: there is nothing better to go by.
        }

        return MaxTimestamp;
    }

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

    /// <summary>The indexes, whose order is checked once when they were found on disk.</summary>
    private SegmentIndexes Indexes
    {
        get
        {
            if (!Volatile.Read(ref _isUnchecked))
            {
                return _indexes;
            }

            lock (_checking)
            {
                if (_isUnchecked && !_indexes.AreInOrder(NextOffset, Size))
                {
                    RebuildIndexes();
                }

                Volatile.Write(ref _isUnchecked, false);
                return _indexes;
            }
        }
    }

    /// <summary>Builds the indexes of a closed segment anew from its batches. Lookups under way go on with the old ones, which the runtime closes.</summary>
    private void RebuildIndexes()
    {
        lock (_checking)
        {
            LogEvents.IndexDamaged(_logger, Path);
            string folder = System.IO.Path.GetDirectoryName(Path)!;
            SegmentFiles.Delete(folder, BaseOffset, SegmentFiles.UnfinishedSuffix, indexesOnly: true);
            var rebuilt = new SegmentIndexes(folder, BaseOffset, SegmentFiles.UnfinishedSuffix);
            for (int position = 0; TryHeaderAt(position) is { } header; position = header.End)
            {
                rebuilt.Include(header, _indexInterval);
            }

            rebuilt.Seal();
            rebuilt.TakeFinalName(folder, BaseOffset);
            _indexes = rebuilt;
        }
    }

    /// <returns>Whether all of it is as it was written, but for a torn end.</returns>
    private bool ScanFrom(long offset, int indexInterval, long keptBefore, bool hasGaps, out long tornBytes)
    {
        int position = StartOfScan(offset, out long nextOffset);
        _size = position;
        FirstTimestamp = position > 0 ? FirstTimestampOf(SegmentHeaders.Read(_file.Handle, Path, 0, int.MaxValue)) : NoTimestamp;
        using var scan = new SegmentScan(
            Path, _file.Handle, position, nextOffset, keptBefore, header => LogEvents.BatchDamaged(_logger, Path, header.Position, header.BaseOffset, header.LastOffset), hasGaps);
        while (scan.TryNext(out BatchHeader header))
        {
            Include(header, indexInterval);
        }

        tornBytes = scan.Rest;
        return !scan.HasChanged;
    }

    /// <summary>Where to begin so that nothing from an offset on is missed: what the indexes say, if that can be right, else the segment's start.</summary>
    private int StartOfScan(long offset, out long nextOffset)
    {
        int length = checked((int)RandomAccess.GetLength(_file.Handle));
        if (offset > BaseOffset && _indexes.AreInOrder(long.MaxValue, length))
        {
            _indexes.TruncateFrom(offset);
            _size = length;
            if (_indexes.LastUpTo(offset, this) is { } known)
            {
                nextOffset = known.BaseOffset;
                return known.Position;
            }
        }

        _indexes.Clear();
        nextOffset = BaseOffset;
        return 0;
    }

    /// <summary>Takes a batch that is in the file into the indexes, then lets readers see it.</summary>
    private void Include(in BatchHeader header, int indexInterval)
    {
        if (FirstTimestamp == NoTimestamp)
        {
            FirstTimestamp = FirstTimestampOf(header);
        }

        _indexInterval = indexInterval;
        _indexes.Include(header, indexInterval);
        NextOffset = header.LastOffset + 1;
        Volatile.Write(ref _size, header.End);
    }

    /// <summary>
    /// A batch that compaction gave a delete horizon has no time of its first record any more, and one with the time of its append has
    /// the producer's there, which counts for nothing.
    /// </summary>
    private static long FirstTimestampOf(in BatchHeader header) =>
        header.Attributes.HasDeleteHorizon || header.Attributes.IsLogAppendTime ? header.MaxTimestamp : header.BaseTimestamp;
}
