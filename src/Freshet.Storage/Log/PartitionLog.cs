using Freshet.Protocol.Kafka.Records;
using Microsoft.Extensions.Logging;

namespace Freshet.Storage.Log;

/// <summary>
/// The stored batches of one partition: segment files in a folder of its own, in Kafka's layout. Appends exclude each other;
/// reads run beside them and see what was appended before they began.
/// </summary>
public sealed class PartitionLog : IAsyncDisposable
{
    private readonly string _folder;
    private readonly ILogger _logger;
    private readonly Lock _writing = new();
    private readonly SegmentList _segments;
    private readonly SharedFlush _flush;
    private readonly LeaderEpochs _epochs;
    private readonly Lock _writingCheckpoint = new();
    private long _recoveryPoint;
    private Task _checkpointing = Task.CompletedTask;
    private long _logStartOffset;
    private long _logEndOffset;
    private long _batchesSinceFlush;
    private Exception? _failure;

    private PartitionLog(string folder, LogOptions options, LogCheckpoint checkpoint, ILogger logger)
    {
        _folder = folder;
        _logger = logger;
        Options = options;
        _segments = new SegmentList(LogRecovery.Open(folder, options, checkpoint, logger));
        _logStartOffset = Math.Max(checkpoint.LogStartOffset, _segments.First.BaseOffset);
        _logEndOffset = _segments.Active.NextOffset;
        _recoveryPoint = checkpoint.RecoveryPoint;
        _flush = new SharedFlush(FlushBatches);
        _flush.StartAt(Math.Min(checkpoint.RecoveryPoint, _logEndOffset));
        _epochs = OpenEpochs(checkpoint.RecoveryPoint);
    }

    /// <summary>Settings, which may change while the log is open.</summary>
    public LogOptions Options { get; set; }

    /// <summary>First offset that can be read.</summary>
    public long LogStartOffset => Volatile.Read(ref _logStartOffset);

    /// <summary>Offset that the next record gets.</summary>
    public long LogEndOffset => Volatile.Read(ref _logEndOffset);

    /// <summary>Bytes of batches.</summary>
    public long Size => _segments.All.Sum(segment => (long)segment.Size);

    /// <summary>Opens a partition's folder, which is created when missing, and repairs what a crash left behind.</summary>
    /// <exception cref="LogCorruptException">Something that was safely on disk has changed or is gone.</exception>
    public static PartitionLog Open(string folder, LogOptions options, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        Directory.CreateDirectory(folder);
        return new PartitionLog(folder, options, LogCheckpoint.Read(folder), logger);
    }

    /// <summary>Appends one batch. Its base offset must be <see cref="LogEndOffset"/>: the caller stamps it, and appends in that order.</summary>
    /// <exception cref="IOException">The disk refuses the write; nothing was appended.</exception>
    public void Append(ReadOnlySpan<byte> batch)
    {
        var view = new RecordBatch(batch);
        lock (_writing)
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(view.BaseOffset, _logEndOffset, nameof(batch));
            ThrowIfFailed();
            _epochs.Append(view.LeaderEpoch, view.BaseOffset);
            LogSegment segment = SegmentFor(view);
            segment.Append(batch, BatchHeader.Of(view, segment.Size), Options.IndexIntervalBytes);
            _batchesSinceFlush++;
            Volatile.Write(ref _logEndOffset, segment.NextOffset);
        }
    }

    /// <summary>Waits for the disk when the flush settings ask for it; everything before <paramref name="offset"/> is then safe.</summary>
    public ValueTask FlushIfDueAsync(long offset, CancellationToken cancellation) =>
        Options.FlushBatches is long batches && (batches <= 1 || Volatile.Read(ref _batchesSinceFlush) >= batches)
            ? _flush.WaitAsync(offset, cancellation)
            : ValueTask.CompletedTask;

    /// <summary>Waits until everything appended so far is on disk.</summary>
    public ValueTask FlushAsync(CancellationToken cancellation) => _flush.WaitAsync(LogEndOffset, cancellation);

    /// <summary>Finds whole batches from the one that holds <paramref name="offset"/> on, within one segment.</summary>
    /// <param name="maxBytes">Most bytes; the first batch comes whole, even if larger, when <paramref name="atLeastOneBatch"/>.</param>
    /// <param name="before">Offset of the first record that is not to be read.</param>
    /// <returns>An empty slice when the offset is the log's end or beyond.</returns>
    /// <exception cref="LogCorruptException">The file does not hold batches where it should.</exception>
    public LogSlice Slice(long offset, int maxBytes, bool atLeastOneBatch = true, long before = long.MaxValue)
    {
        LogSegment[] segments = _segments.All;
        for (int number = SegmentList.NumberOf(segments, offset); number < segments.Length; number++)
        {
            LogSegment segment = segments[number];
            int start = segment.PositionOf(offset);
            int size = segment.Size;
            if (start < size)
            {
                int end = segment.EndOfWholeBatches(start, Math.Max(maxBytes, 0));
                end = end == start && atLeastOneBatch ? segment.HeaderAt(start, size).End : end;
                end = before < segment.NextOffset ? Math.Min(end, segment.PositionOf(before)) : end;
                return new LogSlice(segment, start, Math.Max(end - start, 0));
            }
        }

        return default;
    }

    /// <summary>Base offset of the segment that holds an offset, or would if there were a record with it.</summary>
    public long SegmentOf(long offset)
    {
        LogSegment[] segments = _segments.All;
        return segments[SegmentList.NumberOf(segments, offset)].BaseOffset;
    }

    /// <summary>The headers of all batches from the one that holds <paramref name="offset"/> on.</summary>
    public IEnumerable<BatchHeader> HeadersFrom(long offset)
    {
        LogSegment[] segments = _segments.All;
        for (int number = SegmentList.NumberOf(segments, offset); number < segments.Length; number++)
        {
            LogSegment segment = segments[number];
            int position = segment.PositionOf(offset);
            while (position < segment.Size)
            {
                BatchHeader header = segment.HeaderAt(position, segment.Size);
                yield return header;
                position = header.End;
            }
        }
    }

    /// <summary>The first record whose timestamp is <paramref name="timestamp"/> or later; null when all are older.</summary>
    public TimestampOffset? FirstNotBefore(long timestamp) => TimestampSearch.FirstNotBefore(_segments.All, timestamp, LogStartOffset);

    /// <summary>The record with the largest timestamp, the first of them; null when there is none.</summary>
    public TimestampOffset? WithLargestTimestamp()
    {
        TimestampOffset largest;
        lock (_writing)
        {
            largest = _segments.All.Select(segment => segment.MaxTimestamp).MaxBy(entry => entry.Timestamp);
        }

        return largest.Timestamp < 0 ? null : FirstNotBefore(largest.Timestamp);
    }

    /// <summary>The largest leader epoch that is not newer than the asked one, and where it ends; null when there is no telling.</summary>
    public LeaderEpochEnd? EndOfEpoch(int epoch) => _epochs.EndOf(epoch, LogEndOffset);

    /// <summary>The leader epoch in which an offset was written, or -1.</summary>
    public int EpochAt(long offset) => _epochs.At(offset);

    /// <summary>Moves the log's start forward; segments wholly before it are deleted. When this returns, a restart does not bring the records back.</summary>
    /// <param name="offset">First offset to keep; nothing happens when it is not beyond <see cref="LogStartOffset"/>.</param>
    /// <exception cref="IOException">The disk refuses to note the new start.</exception>
    public void DeleteBefore(long offset)
    {
        lock (_writing)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, _logEndOffset);
            if (offset <= _logStartOffset)
            {
                return;
            }

            WriteCheckpoint(_recoveryPoint, offset);
            Volatile.Write(ref _logStartOffset, offset);
            if (offset == _logEndOffset && _segments.Active.Size > 0)
            {
                Roll();
            }

            while (_segments.All.Length > 1 && _segments.All[1].BaseOffset <= offset)
            {
                DropFirst("its records were deleted");
            }

            _epochs.Clip(_logStartOffset, _logEndOffset);
        }
    }

    /// <summary>Deletes the oldest closed segments that age or size has made superfluous.</summary>
    /// <returns>How many were deleted.</returns>
    public int ApplyRetention(DateTimeOffset now)
    {
        int deleted = 0;
        lock (_writing)
        {
            if (Retention.IsExpired(_segments.Active, Options, now) && _segments.Active.Size > 0)
            {
                Roll();
            }

            long size = Size;
            while (_segments.All.Length > 1 && Retention.IsSuperfluous(_segments.First, size, Options, now))
            {
                size -= _segments.First.Size;
                DropFirst("retention no longer keeps it");
                deleted++;
            }

            if (deleted > 0)
            {
                _epochs.Clip(_logStartOffset, _logEndOffset);
            }
        }

        return deleted;
    }

    /// <summary>Writes what is in memory, forces it to disk and closes the files; the next start has nothing to check.</summary>
    public async ValueTask DisposeAsync()
    {
        await _checkpointing.ConfigureAwait(false);
        if (_failure is null)
        {
            await CheckpointAsync(_segments.All, LogEndOffset).ConfigureAwait(false);
        }

        foreach (LogSegment segment in _segments.All)
        {
            segment.Dispose();
        }
    }

    private LeaderEpochs OpenEpochs(long recoveryPoint)
    {
        var epochs = new LeaderEpochs(_folder);
        long from = epochs.TryLoad() ? Math.Max(recoveryPoint, _logStartOffset) : _logStartOffset;
        epochs.Clip(_logStartOffset, _logEndOffset);
        foreach (BatchHeader batch in from < _logEndOffset ? HeadersFrom(from) : [])
        {
            epochs.Append(batch.LeaderEpoch, batch.BaseOffset);
        }

        return epochs;
    }

    private void DropFirst(string why)
    {
        LogSegment first = _segments.First;
        _segments.RemoveFirst();
        Volatile.Write(ref _logStartOffset, Math.Max(_logStartOffset, _segments.First.BaseOffset));
        SegmentFiles.Delete(_folder, first.BaseOffset);
        LogEvents.SegmentDeleted(_logger, first.Path, why, _logStartOffset);
    }

    private LogSegment SegmentFor(RecordBatch batch)
    {
        LogSegment active = _segments.Active;
        bool isFull = active.Size > Options.SegmentBytes - batch.Size || batch.LastOffset - active.BaseOffset > int.MaxValue;
        bool isOld = active.FirstTimestamp >= 0 && batch.MaxTimestamp - active.FirstTimestamp > Options.SegmentAge.TotalMilliseconds;
        return active.Size > 0 && (isFull || isOld) ? Roll() : active;
    }

    /// <summary>Closes the active segment and begins the next. The closed one goes to disk in the background.</summary>
    private LogSegment Roll()
    {
        LogSegment closed = _segments.Active;
        closed.Seal();
        LogSegment next = LogSegment.Create(_folder, closed.NextOffset);
        _segments.Add(next);
        _checkpointing = CheckpointAfterAsync(_checkpointing, closed);
        return next;
    }

    private async Task CheckpointAfterAsync(Task previous, LogSegment closed)
    {
        await previous.ConfigureAwait(false);
        await CheckpointAsync([closed], closed.NextOffset).ConfigureAwait(false);
    }

    private async ValueTask CheckpointAsync(LogSegment[] segments, long recoveryPoint)
    {
        try
        {
            await _flush.WaitAsync(recoveryPoint, CancellationToken.None).ConfigureAwait(false);
            foreach (LogSegment segment in segments)
            {
                segment.FlushIndexes(Options.ForceOnClose);
            }

            WriteCheckpoint(recoveryPoint, LogStartOffset);
        }
        catch (IOException exception)
        {
            // Without a checkpoint the next start checks more than it had to; nothing is lost.
            LogEvents.CheckpointFailed(_logger, _folder, exception);
        }
    }

    private void WriteCheckpoint(long recoveryPoint, long logStart)
    {
        // Written by appends that close a segment and by deletions: neither may take back what the other has noted.
        lock (_writingCheckpoint)
        {
            _recoveryPoint = Math.Max(_recoveryPoint, recoveryPoint);
            new LogCheckpoint(_recoveryPoint, Math.Max(logStart, LogStartOffset)).Write(_folder, Options.ForceOnClose);
        }
    }

    private long FlushBatches()
    {
        long end = LogEndOffset;
        Volatile.Write(ref _batchesSinceFlush, 0);
        if (!Options.ForceOnClose && Options.FlushBatches is null)
        {
            return end;
        }

        try
        {
            foreach (LogSegment segment in _segments.All.Where(segment => segment.NextOffset > _flush.Flushed))
            {
                segment.FlushBatches();
            }

            return end;
        }
        catch (IOException exception)
        {
            _failure = exception;
            LogEvents.FlushFailed(_logger, _folder, exception);
            throw;
        }
    }

    /// <summary>After a failed flush nobody knows what is on disk, so the log takes no more until it is opened and checked anew.</summary>
    private void ThrowIfFailed()
    {
        if (_failure is { } failure)
        {
            throw new IOException($"The log in {_folder} takes no more batches since it could not be forced to disk: {failure.Message}", failure);
        }
    }
}
