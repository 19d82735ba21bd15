using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Records;
using Freshet.Storage.Log;
using Freshet.Storage.Log.Indexes;
using Freshet.Storage.Log.Segments;
using Microsoft.Extensions.Logging;

namespace Freshet.Broker.Partitions.Producers;

/// <summary>
/// What the batches of one partition's log say about producers and their transactions: kept beside the log, stored now and then,
/// and after a crash read again from the log. Its partition's lock guards it, except for what readers ask.
/// </summary>
internal sealed class ProducerLedger
{
    private readonly string _folder;
    private readonly PartitionLog _log;
    private readonly ProducerStates _producers;
    private readonly TransactionIndex _aborted;
    private long _segment;
    private long _saved;

    private ProducerLedger(string folder, PartitionLog log, long now, ILogger logger)
    {
        _folder = folder;
        _log = log;
        (_producers, _aborted, long from) = ProducerSnapshot.Load(folder, log, logger);
        _saved = from;
        DropCompacted();
        _segment = ActiveSegment;
        foreach (BatchHeader batch in from < log.LogEndOffset ? log.HeadersFrom(from) : [])
        {
            Replay(batch, now);
        }
    }

    /// <summary>Every producer that is known.</summary>
    public IReadOnlyDictionary<long, ProducerState> Producers => _producers.All;

    /// <summary>Reads what is known at the log's end. Producers read from the log count as seen now.</summary>
    public static ProducerLedger Open(string folder, PartitionLog log, long now, ILogger logger) => new(folder, log, now, logger);

    /// <summary>
    /// Offset up to which every transaction has ended; for readers, at any time. The end that they may see otherwise is read first:
    /// a transaction's first offset is published before its first batch.
    /// </summary>
    public long StableBefore(long end) => Math.Max(Math.Min(end, _producers.FirstOpen), _log.LogStartOffset);

    /// <summary>The aborted transactions among these offsets; for readers, at any time.</summary>
    public IReadOnlyList<AbortedTransaction> AbortedIn(long from, long to) => _aborted.Overlapping(from, to);

    /// <summary>Judges a producer's next batch.</summary>
    public SequenceVerdict Judge(BatchHeader batch, bool beginsAtZero) => _producers.Judge(batch, beginsAtZero);

    /// <summary>Judges a marker.</summary>
    public ErrorCode JudgeMarker(BatchHeader batch, ControlRecord marker) =>
        _producers.JudgeMarker(batch.ProducerId, batch.ProducerEpoch, marker.CoordinatorEpoch);

    /// <summary>Appends a batch, stamped and judged, and remembers it.</summary>
    /// <exception cref="IOException">The disk refuses the write; nothing was appended.</exception>
    public void Append(ReadOnlySpan<byte> batch, long now)
    {
        var header = BatchHeader.Of(new RecordBatch(batch), 0);
        _producers.Opening(header);
        try
        {
            _log.Append(batch);
        }
        catch
        {
            _producers.GiveUpOpening();
            throw;
        }

        Include(header, batch, now);
    }

    /// <summary>Whether the log has begun a new segment since this was stored last: then the next start should read less of the log.</summary>
    public bool HasRolled => ActiveSegment != _segment;

    /// <summary>Whether all that the log says is stored.</summary>
    public bool IsStored => _saved >= _log.LogEndOffset;

    /// <summary>Stores what is known.</summary>
    /// <exception cref="IOException">The disk refuses; the next start reads more of the log.</exception>
    public void Save()
    {
        // Noted first: a disk that refuses is not asked again with every append.
        _segment = ActiveSegment;
        _aborted.Flush(_log.Options.ForceOnClose);
        ProducerSnapshot.Save(_folder, _log.LogEndOffset, _producers, _aborted);
        _saved = _log.LogEndOffset;
    }

    /// <summary>
    /// Forgets the aborted transactions whose records compaction has taken, before it takes their markers too: a reader that is told of
    /// such a transaction but never finds its end would leave out what the producer committed later.
    /// </summary>
    public void DropCompacted()
    {
        if (_log.FirstDirtyOffset > _log.LogStartOffset)
        {
            _aborted.DropBefore(_log.FirstDirtyOffset);
        }
    }

    /// <summary>Forgets producers that are gone and transactions before the log's start.</summary>
    public void Expire(long idleSince)
    {
        _producers.Expire(idleSince);
        _aborted.DropBefore(_log.LogStartOffset);
    }

    private long ActiveSegment => _log.SegmentOf(_log.LogEndOffset);

    private void Replay(BatchHeader batch, long now)
    {
        if (!batch.Attributes.IsControl)
        {
            // What is compacted lies below the last stable offset: its transactions have ended, even if their markers are gone.
            _producers.Add(batch, now, opens: batch.BaseOffset >= _log.FirstDirtyOffset);
            return;
        }

        LogSlice slice = _log.Slice(batch.BaseOffset, batch.Size);
        byte[] bytes = new byte[slice.Length];
        slice.Read(0, bytes);
        Include(batch, bytes, now);
    }

    private void Include(BatchHeader header, ReadOnlySpan<byte> batch, long now)
    {
        if (!header.Attributes.IsControl)
        {
            _producers.Add(header, now);
        }
        else if (new RecordBatch(batch).RecordCount == 0)
        {
            // Compaction keeps the last marker of a producer, if only for its epoch.
            _producers.End(header, new ControlRecord(IsCommit: true, ProducerState.NoCoordinator), now);
        }
        else if (ControlRecord.TryRead(new RecordBatch(batch), out ControlRecord marker))
        {
            if (_producers.End(header, marker, now) is { } aborted)
            {
                _aborted.Add(_log.SegmentOf(aborted.LastOffset), aborted);
            }

            _producers.PublishFirstOpen();
        }
    }
}
