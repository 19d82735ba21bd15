using Freshet.Broker.Monitoring;
using Freshet.Broker.Partitions.Batches;
using Freshet.Broker.Partitions.Producers;
using Freshet.Broker.Partitions.Upkeep;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Records;
using Freshet.Storage.Log;
using Freshet.Storage.Log.Compaction;
using Freshet.Storage.Log.Segments;
using Freshet.Storage.Records;
using Microsoft.Extensions.Logging;

namespace Freshet.Broker.Partitions;

/// <summary>
/// One partition that this broker leads: checks what producers send, gives it offsets, stores it, and wakes the fetches that
/// wait for it. Safe for use from many connections at once; appends exclude each other.
/// </summary>
internal sealed class Partition : IAsyncDisposable
{
    private readonly Lock _appending = new();
    private readonly PartitionLog _log;
    private readonly ProducerLedger _producers;
    private readonly FetchWaits _waits = new();
    private readonly HighWatermark _highWatermark;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly DiskState _disk;
    private readonly DelayedFlush _flushing;
    private readonly PartitionCleaner _cleaner;
    private PartitionOptions _options;
    private volatile bool _deleted;

    public Partition(PartitionFolder folder, PartitionOptions options, TimeProvider time, ILogger logger)
    {
        Folder = folder;
        _options = options;
        _time = time;
        _logger = logger;
        _log = PartitionLog.Open(folder.Path, options.Log, logger, time);
        _producers = ProducerLedger.Open(folder.Path, _log, Now(), logger);
        _highWatermark = new HighWatermark(_log.LogEndOffset, _waits);
        _disk = new DiskState(folder, logger);
        _flushing = new DelayedFlush(folder, _log, time, logger);
        _cleaner = new PartitionCleaner(_log, _producers, _appending);
    }

    public PartitionFolder Folder { get; }

    public string Topic => Folder.Topic;

    public int Index => Folder.Index;

    public Guid TopicId => Folder.TopicId;

    /// <summary>Number of the election that made this broker the leader; a single broker is never elected anew.</summary>
    public int LeaderEpoch { get; }

    public long LogStartOffset => _log.LogStartOffset;

    public long LogEndOffset => _log.LogEndOffset;

    /// <summary>Offset up to which consumers may read: with one replica, all that was appended, or all that is on disk if the topic asks for that.</summary>
    public long HighWatermark => _highWatermark.Offset;

    /// <summary>Offset up to which readers of committed data may read: what follows belongs to an open transaction, or comes after one.</summary>
    public long LastStableOffset => _producers.StableBefore(HighWatermark);

    /// <summary>What went in and out since the partition was opened.</summary>
    public Traffic Traffic { get; } = new();

    /// <summary>Bytes stored.</summary>
    public long Size => _log.Size;

    /// <summary>Segments that they are stored in.</summary>
    public int SegmentCount => _log.SegmentCount;

    public bool IsDeleted => _deleted;

    /// <summary>Whether the disk refused the newest write. Every append tries again, so it ends by itself when there is space.</summary>
    public bool IsOffline => _disk.Refuses;

    /// <summary>Settings, which may change while the partition is in use.</summary>
    public PartitionOptions Options
    {
        get => _options;
        set
        {
            bool begins = value.Log.FlushBatches is not null && _options.Log.FlushBatches is null;
            _options = value;
            _log.Options = value.Log;
            if (begins)
            {
                // What was appended before, or recovered at the start, can be read and is to be as safe as what comes now.
                _flushing.Appended(TimeSpan.Zero);
            }
        }
    }

    /// <summary>Checks and appends one batch, and waits for the disk if the topic asks for it.</summary>
    /// <param name="batch">The producer's bytes; offset and leader epoch, and the time if the topic says so, are stamped into them.</param>
    /// <param name="ownRecords">Whether the broker made the batch itself.</param>
    /// <param name="guard">Tells whether the batch's transaction may still grow; a batch of a transaction needs one.</param>
    public ValueTask<AppendResult> AppendAsync(
        Memory<byte> batch, CancellationToken cancellation, bool ownRecords = false, ITransactionGuard? guard = null) =>
        WaitForDiskAsync(Append(batch.Span, ownRecords, guard), cancellation);

    /// <summary>Checks and appends one batch. Acknowledge it only after <see cref="WaitForDiskAsync"/>.</summary>
    public AppendResult Append(Span<byte> batch, bool ownRecords = false, ITransactionGuard? guard = null)
    {
        PartitionOptions options = _options;
        BatchVerdict verdict = BatchRules.Check(batch, options, ownRecords, Now());
        if (verdict.Error != ErrorCode.None)
        {
            return AppendResult.Refused(verdict.Error, verdict.Message) with
            {
                BadRecords = verdict.BadRecords,
                LogStartOffset = verdict.IsOfBatch ? LogStartOffset : -1,
            };
        }

        StampTimes(batch, verdict, options, ownRecords);
        try
        {
            return options.Compression is { } codec && !ownRecords && new RecordBatch(batch).Attributes.Compression != codec
                ? AppendChecked(BatchCoding.Recompress(new RecordBatch(batch), codec, options.Log.MaxDecompressedBytes), guard)
                : AppendChecked(batch, guard);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            return _disk.Refused(exception);
        }
    }

    /// <summary>Waits for the disk if the topic asks for it. A duplicate waits too: its first answer may have been lost before the disk had it.</summary>
    public async ValueTask<AppendResult> WaitForDiskAsync(AppendResult appended, CancellationToken cancellation)
    {
        try
        {
            if (appended.Error == ErrorCode.None)
            {
                long end = LogEndOffset;
                // Not given up with its connection: nobody could read the batch before the next one.
                ValueTask forced = _log.FlushIfDueAsync(end, CancellationToken.None);
                if (forced.IsCompletedSuccessfully)
                {
                    ShowUpTo(end);
                }
                else
                {
                    await ShowAfterAsync(forced, end).WaitAsync(cancellation).ConfigureAwait(false);
                }
            }

            return appended;
        }
        catch (IOException exception)
        {
            return _disk.Refused(exception);
        }
    }

    /// <summary>Finds whole batches to read, from the one that holds the offset on.</summary>
    public LogSlice Slice(long offset, int maxBytes, bool atLeastOneBatch = true, long before = long.MaxValue) =>
        _log.Slice(offset, maxBytes, atLeastOneBatch, before, skipEmpty: true);

    /// <summary>Where the segment behind an offset's begins; the log's end when there is none.</summary>
    public long NextSegmentAfter(long offset) => _log.NextSegmentAfter(offset);

    /// <summary>The aborted transactions that a reader of these offsets must leave out; read the last stable offset first.</summary>
    public IReadOnlyList<AbortedTransaction> AbortedIn(long from, long to) => _producers.AbortedIn(from, to);

    /// <summary>Ends a producer's transaction here by writing its marker, and waits for the disk if the topic asks for it.</summary>
    public ValueTask<AppendResult> EndTransactionAsync(long producerId, short producerEpoch, ControlRecord marker, CancellationToken cancellation) =>
        WaitForDiskAsync(Append(marker.ToBatch(producerId, producerEpoch, Now()), ownRecords: true), cancellation);

    /// <summary>The producers that are known here.</summary>
    public T[] SelectProducers<T>(Func<long, ProducerState, T> select)
    {
        lock (_appending)
        {
            return [.. _producers.Producers.Select(producer => select(producer.Key, producer.Value))];
        }
    }

    /// <summary>The largest leader epoch that is not newer than the asked one, and where it ends; null when there is no telling.</summary>
    /// <remarks>The leader's own epoch has begun even where nothing was written in it, or nothing of that is left.</remarks>
    public LeaderEpochEnd? EndOfEpoch(int epoch) => epoch == LeaderEpoch ? new LeaderEpochEnd(epoch, LogEndOffset) : _log.EndOfEpoch(epoch);

    /// <summary>The leader epoch in which an offset was written.</summary>
    public int EpochAt(long offset) => _log.EpochAt(offset) is >= 0 and var epoch ? epoch : LeaderEpoch;

    /// <summary>Moves the start forward to an offset that is not beyond the high watermark; it stays there after a restart.</summary>
    /// <exception cref="IOException">The disk refuses to note it.</exception>
    public void DeleteBefore(long offset)
    {
        lock (_appending)
        {
            // What the deleted batches said of their producers can be read nowhere else after a crash.
            if (!_producers.IsStored)
            {
                _producers.Save();
            }

            _log.DeleteBefore(offset);
        }
    }

    /// <summary>The first record of this time (milliseconds since 1970) or later.</summary>
    public TimestampOffset? FirstNotBefore(long timestamp) => _log.FirstNotBefore(timestamp);

    /// <summary>The record with the largest timestamp.</summary>
    public TimestampOffset? WithLargestTimestamp() => _log.WithLargestTimestamp();

    /// <summary>Lets a fetch know of every append from now on.</summary>
    public void AddWait(FetchWait wait)
    {
        _waits.Add(wait);
        if (_deleted)
        {
            wait.End();
        }
    }

    public void RemoveWait(FetchWait wait) => _waits.Remove(wait);

    /// <summary>Drops what the topic's retention no longer keeps, and producers that have gone.</summary>
    public void Tidy(DateTimeOffset now)
    {
        lock (_appending)
        {
            // Before retention takes the batches that say the same.
            if (!_producers.IsStored)
            {
                StoreProducers();
            }
        }

        _log.ApplyRetention(now);
        lock (_appending)
        {
            _producers.Expire((now - _options.ProducerExpiration).ToUnixTimeMilliseconds());
        }
    }

    /// <summary>How much there is to compact.</summary>
    public CompactionNeed NeedsCompaction(DateTimeOffset now) => _log.NeedsCompaction(LastStableOffset, now);

    /// <summary>Keeps only the newest record of each key in what is closed. Blocks its thread; appends and fetches go on.</summary>
    /// <returns>Whether the log is compacted further than before.</returns>
    /// <exception cref="OperationCanceledException">The partition was deleted or closed meanwhile.</exception>
    public bool Compact(CompactionLimits limits, CancellationToken cancellation) => _cleaner.Run(limits, _time.GetUtcNow(), cancellation);

    /// <summary>Refuses all further use and lets waiting fetches find out; the files are the registry's to remove.</summary>
    public void MarkDeleted()
    {
        _deleted = true;
        _waits.EndAll();
        EndUpkeep();
    }

    public async ValueTask DisposeAsync()
    {
        _waits.EndAll();
        EndUpkeep();
        if (!_deleted)
        {
            StoreProducers();
        }

        await _log.DisposeAsync().ConfigureAwait(false);
    }

    private async Task ShowAfterAsync(ValueTask forced, long end)
    {
        await forced.ConfigureAwait(false);
        ShowUpTo(end);
    }

    private void ShowUpTo(long end)
    {
        if (HighWatermark < end)
        {
            _highWatermark.Forced(end, () => LastStableOffset);
        }
    }

    private void EndUpkeep()
    {
        _flushing.End();
        _cleaner.End();
    }

    private AppendResult AppendChecked(Span<byte> batch, ITransactionGuard? guard)
    {
        long appendTime = -1;
        long baseOffset;
        bool hidden = _options.Log.FlushBatches is 1;
        bool stable;
        lock (_appending)
        {
            if (_deleted)
            {
                return AppendResult.Refused(ErrorCode.UnknownTopicOrPartition);
            }

            SequenceVerdict verdict = Judge(new RecordBatch(batch), guard);
            if (verdict.Error != ErrorCode.None || verdict.DuplicateOf is not null)
            {
                return new AppendResult(verdict.Error, verdict.DuplicateOf ?? -1, -1) { LogStartOffset = LogStartOffset };
            }

            baseOffset = _log.LogEndOffset;
            RecordBatchStamp.Offset(batch, baseOffset, LeaderEpoch);
            if (_options.LogAppendTime)
            {
                appendTime = Now();
                RecordBatchStamp.LogAppendTime(batch, appendTime);
            }

            _producers.Append(batch, Now());
            if (hidden)
            {
                _highWatermark.Hide(LogEndOffset, batch.Length, new RecordBatch(batch).Attributes.IsControl);
            }
            else
            {
                _highWatermark.MoveTo(LogEndOffset);
            }

            if (_producers.HasRolled)
            {
                StoreProducers();
            }

            stable = LastStableOffset > baseOffset;
        }

        _disk.Took();
        _flushing.Appended(_options.Log.FlushAge);
        if (!hidden)
        {
            TellReaders(batch, stable);
        }

        return new AppendResult(ErrorCode.None, baseOffset, appendTime) { LogStartOffset = LogStartOffset };
    }

    private void TellReaders(ReadOnlySpan<byte> batch, bool stable)
    {
        _waits.Appended(batch.Length, stable);
        if (new RecordBatch(batch).Attributes.IsControl)
        {
            _waits.StableMoved();
        }
    }

    /// <summary>Makes the header of a producer's batch tell the records' own times: lookups by time rely on it.</summary>
    private static void StampTimes(Span<byte> bytes, BatchVerdict verdict, PartitionOptions options, bool ownRecords)
    {
        var batch = new RecordBatch(bytes);
        if (!ownRecords && !options.LogAppendTime && (batch.MaxTimestamp != verdict.MaxTimestamp || batch.Attributes.IsLogAppendTime))
        {
            RecordBatchStamp.CreateTime(bytes, verdict.MaxTimestamp);
        }
    }

    /// <summary>Judges a batch in the same step as it is appended, so that its transaction cannot end in between.</summary>
    private SequenceVerdict Judge(RecordBatch batch, ITransactionGuard? guard)
    {
        var header = BatchHeader.Of(batch, 0);
        if (header.Attributes.IsControl)
        {
            return ControlRecord.TryRead(batch, out ControlRecord marker) ? SequenceVerdict.Refuse(_producers.JudgeMarker(header, marker)) : default;
        }

        ErrorCode inTransaction = guard is not null && header.Attributes.IsTransactional
            ? guard.Check(header.ProducerId, header.ProducerEpoch, Topic, Index)
            : ErrorCode.None;
        return inTransaction == ErrorCode.None ? _producers.Judge(header, guard?.BeginsAtZero == true) : SequenceVerdict.Refuse(inTransaction);
    }

    /// <summary>Stores what is known of producers. Without, the next start reads more of the log.</summary>
    private void StoreProducers()
    {
        try
        {
            _producers.Save();
        }
        catch (IOException exception)
        {
            BrokerPartitionsLog.SnapshotFailed(_logger, Topic, Index, exception);
        }
    }

    private long Now() => _time.GetUtcNow().ToUnixTimeMilliseconds();
}
