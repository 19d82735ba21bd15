using Freshet.Protocol.Kafka.Records;
using Freshet.Storage.Files;
using Freshet.Storage.Log.Segments;
using Freshet.Storage.Records;

namespace Freshet.Storage.Log.Compaction;

/// <summary>
/// One run over a log: learns the newest offset of every key in the part that is not compacted yet, writes what is left of all
/// segments into new files, and has the log take those in place of the old ones.
/// </summary>
internal sealed class CompactionRun(string folder, CompactionPlan plan, CompactionGuard guard, LogOptions options, CompactionLimits limits, DateTimeOffset now, CancellationToken cancellation)
{
    private readonly SegmentBatches _batches = new(new CompactionThrottle(limits.BytesPerSecond), cancellation);
    private readonly KeyOffsets _keys = new(limits.MaxKeys);

    /// <summary>Offset up to which the log is compacted when the run is over.</summary>
    public long CompactedUpTo { get; private set; }

    /// <summary>Writes the new segments and hands over each with those it stands for, from the log's start on.</summary>
    public IEnumerable<(LogSegment[] Old, LogSegment New)> Rewrite()
    {
        CompactedUpTo = LearnKeys();
        var filter = new BatchFilter(_keys, CompactedUpTo, guard, options.Compaction!, now.ToUnixTimeMilliseconds());
        foreach (LogSegment[] group in Groups())
        {
            yield return (group, Rewrite(group, filter));
        }
    }

    /// <summary>Fills the map from the part that is not compacted yet, and says how far it reaches.</summary>
    private long LearnKeys()
    {
        var transactions = new TransactionScan(guard.Aborted);
        long end = plan.Segments[plan.FirstDirty].BaseOffset;
        foreach (LogSegment segment in plan.Segments.AsSpan(plan.FirstDirty))
        {
            foreach ((BatchHeader header, ReadOnlyMemory<byte> bytes) in _batches.Of(segment))
            {
                var batch = new RecordBatch(bytes.Span);
                if (_keys.IsFullFor(batch.RecordCount))
                {
                    return header.BaseOffset;
                }

                if (header.Attributes.IsControl)
                {
                    transactions.EndsEmpty(header);
                }
                else if (!transactions.IsAborted(header) && header.LastOffset >= plan.FirstDirtyOffset)
                {
                    LearnKeys(batch);
                }

                end = header.LastOffset + 1;
            }
        }

        return end;
    }

    private void LearnKeys(RecordBatch batch)
    {
        bool compressed = batch.Attributes.Compression != Freshet.Protocol.Kafka.Records.Compression.None;
        using DecompressedRecords? decompressed = compressed ? RecordCodec.Decompress(batch, int.MaxValue) : null;
        foreach (Record record in decompressed is null ? batch.Records : batch.RecordsIn(decompressed.Span))
        {
            if (!record.IsKeyNull)
            {
                _keys.Add(record.Key, record.Offset);
            }
        }
    }

    /// <summary>Neighbours that together are no larger than one segment become one.</summary>
    private IEnumerable<LogSegment[]> Groups()
    {
        var group = new List<LogSegment>();
        long size = 0;
        foreach (LogSegment segment in plan.Segments.Where(segment => segment.BaseOffset < CompactedUpTo))
        {
            if (group.Count > 0 && (size + segment.Size > options.SegmentBytes || segment.NextOffset - group[0].BaseOffset > int.MaxValue))
            {
                yield return [.. group];
                group.Clear();
                size = 0;
            }

            group.Add(segment);
            size += segment.Size;
        }

        if (group.Count > 0)
        {
            yield return [.. group];
        }
    }

    private LogSegment Rewrite(LogSegment[] group, BatchFilter filter)
    {
        long baseOffset = group[0].BaseOffset;
        try
        {
            Write(group, filter, SegmentFiles.PathOf(folder, baseOffset, SegmentFiles.LogSuffix) + SegmentSwap.CleanedSuffix);
            return SegmentSwap.Prepare(folder, baseOffset, options);
        }
        catch
        {
            SegmentSwap.Abandon(folder, baseOffset);
            throw;
        }
    }

    private void Write(LogSegment[] group, BatchFilter filter, string path)
    {
        long lastOffset = group[^1].NextOffset - 1;
        using FileStream file = File.Create(path);
        foreach (LogSegment segment in group)
        {
            foreach ((BatchHeader header, ReadOnlyMemory<byte> bytes) in _batches.Of(segment))
            {
                // The last batch stays, if only empty: segments follow each other without gaps.
                file.Write(filter.Apply(bytes, keepsEmpty: header.LastOffset == lastOffset).Span);
            }
        }

        file.Flush();
        if (options.ForceOnClose)
        {
            DataSync.Flush(file.SafeFileHandle);
        }
    }
}
