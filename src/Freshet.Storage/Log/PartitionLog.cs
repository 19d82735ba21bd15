using Freshet.Protocol.Kafka.Records;
using Freshet.Storage.Log.Compaction;
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
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _closing = new();
    private readonly Lock _writing = new();
    private readonly SegmentList _segments;
    private readonly LogFlush _flush;
    private readonly LeaderEpochs _epochs;
    private readonly Lock _writingCheckpoint = new();
    private long _recoveryPoint;
    private long _firstDirtyOffset;
    private TimeSpan _rollEarly;
    private Task _checkpointing = Task.CompletedTask;
    private long _logStartOffset;
    private long _logEndOffset;

    private PartitionLog(string folder, LogOptions options, LogCheckpoint checkpoint, ILogger logger, TimeProvider time)
    {
        _folder = folder;
        _logger = logger;
        _time = time;
        Options = options;
        _segments = new SegmentList(LogRecovery.Open(folder, options, checkpoint, logger));
        _logStartOffset = Math.Max(checkpoint.LogStartOffset, _segments.First.BaseOffset);
        _logEndOffset = _segments.Active.NextOffset;
        _recoveryPoint = checkpoint.RecoveryPoint;
        _firstDirtyOffset = checkpoint.FirstDirtyOffset;
        _rollEarly = NextJitter();
        _flush = new LogFlush(folder, _segments, () => Options, Math.Min(checkpoint.RecoveryPoint, _logEndOffset), logger);
        _epochs = OpenEpochs(checkpoint.RecoveryPoint);
    }

    /// <summary>Settings, which may change while the log is open.</summary>
    public LogOptions Options { get; set; }

    /// <summary>First offset that can be read.</summary>
    public long LogStartOffset => Volatile.Read(ref _logStartOffset);

    /// <summary>Offset that the next record gets.</summary>
    public long LogEndOffset => Volatile.Read(ref _logEndOffset);

    /// <summary>Offset up to which the log is compacted.</summary>
    public long FirstDirtyOffset => Volatile.Read(ref _firstDirtyOffset);

    internal IReadOnlyList<LogSegment> Segments => _segments.All;

    /// <summary>Files that hold the batches.</summary>
    public int SegmentCount => _segments.All.Length;

    /// <summary>Bytes of batches.</summary>
    public long Size => _segments.All.Sum(segment => (long)segment.Size);

    /// <summary>Opens a partition's folder, which is created when missing, and repairs what a crash left behind.</summary>
    /// <exception cref="LogCorruptException">Something that was safely on disk has changed or is gone.</exception>
    /// <param name="time">Clock for what happens later, such as the removal of deleted files; null means the system's.</param>
    public static PartitionLog Open(string folder, LogOptions options, ILogger logger, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        Directory.CreateDirectory(folder);
        LogRecovery.FinishOrUndo(folder);
        return new PartitionLog(folder, options, LogCheckpoint.Read(folder), logger, time ?? TimeProvider.System);
    }

    /// <summary>Appends one batch. Its base offset must be <see cref="LogEndOffset"/>: the caller stamps it, and appends in that order.</summary>
    /// <exception cref="IOException">The disk refuses the write; nothing was appended.</exception>
    public void Append(ReadOnlySpan<byte> batch)
    {
        var view = new RecordBatch(batch);
        lock (_writing)
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(view.BaseOffset, _logEndOffset, nameof(batch));
            _flush.ThrowIfFailed();
            _epochs.Append(view.LeaderEpoch, view.BaseOffset);
            LogSegment segment = SegmentFor(view);
            segment.Append(batch, BatchHeader.Of(view, segment.Size), Options.IndexIntervalBytes);
            _flush.Appended();
            Volatile.Write(ref _logEndOffset, segment.NextOffset);
        }
    }

    /// <summary>Waits for the disk when the flush settings ask for it; everything before <paramref name="offset"/> is then safe.</summary>
    public ValueTask FlushIfDueAsync(long offset, CancellationToken cancellation) => _flush.WaitIfDueAsync(offset, cancellation);

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

            if (Retention.IsFromTheFuture(_segments.First, Options, now))
            {
                LogEvents.SegmentFromTheFuture(_logger, _segments.First.Path, _segments.First.MaxTimestamp.Timestamp);
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

    /// <summary>Says how much there is to compact.</summary>
    /// <param name="before">Offset that compaction stays below: the last stable offset.</param>
    public CompactionNeed NeedsCompaction(long before, DateTimeOffset now) => Options.Compaction is { } compaction
        ? Plan(before, compaction, now) is var plan ? new CompactionNeed(plan.DirtyRatio, plan.IsDue(compaction, now)) : default
        : default;

    /// <summary>
    /// Keeps only the newest record of each key in the closed segments (Kafka's log compaction). Appends and reads go on meanwhile.
    /// One call at a time; blocks its thread.
    /// </summary>
    /// <exception cref="IOException">The disk refuses; segments not replaced yet stay as they are.</exception>
    /// <exception cref="InvalidDataException">A batch cannot be read; nothing more is compacted.</exception>
    public void Compact(CompactionGuard guard, CompactionLimits limits, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(guard);
        ArgumentNullException.ThrowIfNull(limits);
        LogOptions options = Options;
        if (options.Compaction is null || Plan(guard.Before, options.Compaction, now) is not { IsEmpty: false } plan)
        {
            return;
        }

        long before = Size;
        var run = new CompactionRun(_folder, plan, guard, options, limits, now, cancellation);
        foreach ((LogSegment[] old, LogSegment next) in run.Rewrite())
        {
            if (!TrySwap(old, next))
            {
                next.Dispose();
                SegmentSwap.Abandon(_folder, next.BaseOffset);
                return;
            }
        }

        Volatile.Write(ref _firstDirtyOffset, run.CompactedUpTo);
        WriteCheckpoint(_recoveryPoint, LogStartOffset);
        LogEvents.Compacted(_logger, _folder, run.CompactedUpTo, before, Size);
    }

    /// <summary>Writes what is in memory, forces it to disk and closes the files; the next start has nothing to check.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await _checkpointing.ConfigureAwait(false);
        if (!_flush.HasFailed)
        {
            await CheckpointAsync(_segments.All, LogEndOffset).ConfigureAwait(false);
        }

        foreach (LogSegment segment in _segments.All)
        {
            segment.Dispose();
        }

        _closing.Dispose();
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
        // Readers that found it go on with the files they hold.
        first.HoldOpen();
        _ = RemoveLaterAsync(SegmentFiles.MarkDeleted(_folder, first.BaseOffset), Options.FileDeleteDelay);
        LogEvents.SegmentDeleted(_logger, first.Path, why, _logStartOffset);
    }

    private async Task RemoveLaterAsync(string[] files, TimeSpan delay)
    {
        try
        {
            await Task.Delay(delay, _time, _closing.Token).ConfigureAwait(false);
            Array.ForEach(files, File.Delete);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            // The next start removes them.
        }
    }

    private CompactionPlan Plan(long before, CompactionOptions options, DateTimeOffset now) =>
        CompactionPlan.Of(_segments.All, Math.Max(_firstDirtyOffset, LogStartOffset), Math.Min(before, Volatile.Read(ref _recoveryPoint)), options, now);

    private bool TrySwap(LogSegment[] old, LogSegment next)
    {
        // Retention and deletions may have dropped some of the old ones meanwhile.
        lock (_writing)
        {
            if (Array.IndexOf(_segments.All, old[0]) < 0)
            {
                return false;
            }

            SegmentSwap.Commit(_folder, old, next);
            return _segments.TryReplace(old, next);
        }
    }

    private TimeSpan NextJitter() => Options.SegmentJitter * Random.Shared.NextDouble();

    private LogSegment SegmentFor(RecordBatch batch)
    {
        LogSegment active = _segments.Active;
        bool isFull = active.Size > Options.SegmentBytes - batch.Size || batch.LastOffset - active.BaseOffset > int.MaxValue || active.IndexBytes >= Options.MaxIndexBytes;
        bool isOld = active.FirstTimestamp >= 0 && batch.MaxTimestamp - active.FirstTimestamp > (Options.SegmentAge - _rollEarly).TotalMilliseconds;
        return active.Size > 0 && (isFull || isOld) ? Roll() : active;
    }

    /// <summary>Closes the active segment and begins the next. The closed one goes to disk in the background.</summary>
    private LogSegment Roll()
    {
        LogSegment closed = _segments.Active;
        closed.Seal();
        LogSegment next = LogSegment.Create(_folder, closed.NextOffset);
        _segments.Add(next);
        _rollEarly = NextJitter();
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
            new LogCheckpoint(_recoveryPoint, Math.Max(logStart, LogStartOffset), _firstDirtyOffset).Write(_folder, Options.ForceOnClose);
        }
    }
}
