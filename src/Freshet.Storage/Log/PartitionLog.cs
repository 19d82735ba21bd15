using Freshet.Protocol.Kafka.Records;
using Freshet.Storage.Log.Compaction;
using Freshet.Storage.Log.Flushing;
using Freshet.Storage.Log.Indexes;
using Freshet.Storage.Log.Segments;
using Microsoft.Extensions.Logging;

namespace Freshet.Storage.Log;

/// <summary>
/// The stored batches of one partition: segment files in a folder of its own, in Kafka's layout. Appends exclude each other;
/// reads run beside them and see what was appended before they began.
/// </summary>
public sealed class PartitionLog : IAsyncDisposable
{
    private readonly Lock _writing = new();
    private readonly SegmentList _segments;
    private readonly CheckpointFile _checkpoint;
    private readonly LogFlush _flush;
    private readonly SegmentCheckpoints _checkpoints;
    private readonly SegmentRoll _roll;
    private readonly DeletedSegments _deleted;
    private readonly LogStart _start;
    private readonly LogCompaction _compaction;
    private readonly LeaderEpochs _epochs;
    private long _logEndOffset;

    private PartitionLog(string folder, LogOptions options, LogCheckpoint checkpoint, ILogger logger, TimeProvider time)
    {
        Options = options;
        _segments = new SegmentList(LogRecovery.Open(folder, options, checkpoint, logger));
        _logEndOffset = _segments.Active.NextOffset;
        _checkpoint = new CheckpointFile(folder, checkpoint);
        _flush = new LogFlush(folder, _segments, () => Options, Math.Min(checkpoint.RecoveryPoint, _logEndOffset), logger);
        _checkpoints = new SegmentCheckpoints(folder, _flush, _checkpoint, () => Options, logger);
        _roll = new SegmentRoll(folder, _segments, () => Options, _checkpoints, logger);
        _deleted = new DeletedSegments(folder, time);
        _start = new LogStart(_segments, checkpoint.LogStartOffset, _deleted, logger);
        _compaction = new LogCompaction(folder, _segments, _start, _checkpoint, _writing, logger);
        _epochs = OpenEpochs(folder, checkpoint.RecoveryPoint, logger);
    }

    /// <summary>Settings, which may change while the log is open.</summary>
    public LogOptions Options { get; set; }

    /// <summary>First offset that can be read.</summary>
    public long LogStartOffset => _start.Offset;

    /// <summary>Offset that the next record gets.</summary>
    public long LogEndOffset => Volatile.Read(ref _logEndOffset);

    /// <summary>Offset up to which the log is compacted.</summary>
    public long FirstDirtyOffset => _checkpoint.FirstDirtyOffset;

    internal IReadOnlyList<LogSegment> Segments => _segments.All;

    /// <summary>Bytes of batches.</summary>
    public long Size => _segments.Size;

    /// <summary>Files that hold the batches.</summary>
    public int SegmentCount => _segments.All.Length;

    /// <summary>Opens a partition's folder, which is created when missing, and repairs what a crash left behind.</summary>
    /// <exception cref="LogCorruptException">Something that was safely on disk has changed or is gone.</exception>
    /// <param name="time">Clock for what happens later, such as the removal of deleted files; null means the system's.</param>
    public static PartitionLog Open(string folder, LogOptions options, ILogger logger, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        Directory.CreateDirectory(folder);
        LogRecovery.FinishOrUndo(folder);
        return new PartitionLog(folder, options, LogCheckpoint.Read(folder, logger), logger, time ?? TimeProvider.System);
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
            LogSegment segment = _roll.SegmentFor(view);
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
    /// <param name="skipEmpty">
    /// Whether batches that compaction has left without records are passed over where others follow: librdkafka takes answers without a
    /// record for a sign that its limit is too small, and after eleven gives up.
    /// </param>
    /// <returns>An empty slice when the offset is the log's end or beyond.</returns>
    /// <exception cref="LogCorruptException">The file does not hold batches where it should.</exception>
    public LogSlice Slice(long offset, int maxBytes, bool atLeastOneBatch = true, long before = long.MaxValue, bool skipEmpty = false) =>
        new SliceSearch(maxBytes, atLeastOneBatch, before, skipEmpty && Options.Compaction is not null).From(offset, _segments.All);

    /// <summary>Base offset of the segment that holds an offset, or would if there were a record with it.</summary>
    public long SegmentOf(long offset)
    {
        LogSegment[] segments = _segments.All;
        return segments[SegmentList.NumberOf(segments, offset)].BaseOffset;
    }

    /// <summary>Base offset of the segment behind the one that holds an offset; the log's end when there is none.</summary>
    public long NextSegmentAfter(long offset)
    {
        LogSegment[] segments = _segments.All;
        int next = SegmentList.NumberOf(segments, offset) + 1;
        return next < segments.Length ? segments[next].BaseOffset : LogEndOffset;
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
            if (offset <= LogStartOffset)
            {
                return;
            }

            _checkpoint.Note(Options.ForceOnClose, logStartOffset: offset);
            _start.MoveTo(offset);
            if (offset == _logEndOffset)
            {
                _roll.CloseActive();
            }

            _start.DropBefore(Options);
            _epochs.Clip(LogStartOffset, _logEndOffset);
        }
    }

    /// <summary>Deletes the oldest closed segments that age or size has made superfluous.</summary>
    /// <returns>How many were deleted.</returns>
    public int ApplyRetention(DateTimeOffset now)
    {
        lock (_writing)
        {
            if (Retention.IsExpired(_segments.Active, Options, now))
            {
                _roll.CloseActive();
            }

            int dropped = _start.DropSuperfluous(Options, now);
            if (dropped > 0)
            {
                _epochs.Clip(LogStartOffset, _logEndOffset);
            }

            return dropped;
        }
    }

    /// <summary>Says how much there is to compact.</summary>
    /// <param name="before">Offset that compaction stays below: the last stable offset.</param>
    public CompactionNeed NeedsCompaction(long before, DateTimeOffset now) => _compaction.Need(before, Options, now);

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
        _compaction.Run(guard, limits, Options, now, cancellation);
    }

    /// <summary>Writes what is in memory, forces it to disk and closes the files; the next start has nothing to check.</summary>
    public async ValueTask DisposeAsync()
    {
        _deleted.Dispose();
        await _checkpoints.FinishAsync(_segments.All, LogEndOffset).ConfigureAwait(false);
        foreach (LogSegment segment in _segments.All)
        {
            segment.Dispose();
        }
    }

    private LeaderEpochs OpenEpochs(string folder, long recoveryPoint, ILogger logger)
    {
        var epochs = new LeaderEpochs(folder);
        bool isIntact = epochs.TryLoad(LogStartOffset, _logEndOffset, EpochOfFirstFrom);
        if (!isIntact && LogStartOffset < _logEndOffset)
        {
            LogEvents.EpochsDamaged(logger, folder);
        }

        epochs.Clip(LogStartOffset, _logEndOffset);
        long from = isIntact ? Math.Max(recoveryPoint, LogStartOffset) : LogStartOffset;
        while (from < _logEndOffset)
        {
            from = ReadEpochs(epochs, from);
        }

        return epochs;
    }

    /// <summary>Reads epochs from the batches, and says where to go on.</summary>
    private long ReadEpochs(LeaderEpochs epochs, long from)
    {
        try
        {
            foreach (BatchHeader batch in HeadersFrom(from))
            {
                epochs.Append(batch.LeaderEpoch, batch.BaseOffset);
                from = batch.LastOffset + 1;
            }

            return _logEndOffset;
        }
        catch (IOException)
        {
            // Who reads the batches there is told of it.
            return NextSegmentAfter(from);
        }
    }

    /// <summary>Epoch and first offset of the first batch from an offset on; null when there is none, or no telling.</summary>
    private (int Epoch, long Start)? EpochOfFirstFrom(long offset)
    {
        try
        {
            foreach (BatchHeader batch in HeadersFrom(offset))
            {
                return (batch.LeaderEpoch, batch.BaseOffset);
            }
        }
        catch (IOException)
        {
            // Who reads the batches there is told of it.
        }

        return null;
    }
}
