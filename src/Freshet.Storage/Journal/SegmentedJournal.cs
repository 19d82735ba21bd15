using System.Diagnostics;

namespace Freshet.Storage.Journal;

/// <summary>
/// A journal of records numbered without gaps, in segment files. Records are appended to memory and written by a thread of
/// the journal's own: what gathers during one fsync shares the next. Knows nothing of what the records mean.
/// <see cref="Append"/> may be called from one thread at a time.
/// </summary>
public sealed class SegmentedJournal : IAsyncDisposable
{
    private readonly JournalOptions _options;
    private readonly Action<long> _durable;
    private readonly Action<Exception> _failed;
    private readonly Lock _lock = new();
    private readonly AutoResetEvent _wake = new(false);
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private JournalBuffer _gathering = new();
    private JournalBuffer _writing = new();
    private JournalSegment? _segment;
    private long _lastAppended;
    private long _writingBytes;
    private volatile bool _closing;

    private SegmentedJournal(JournalOptions options, long lastSequence, JournalSegment? segment, Action<long> durable, Action<Exception> failed)
    {
        (_options, _lastAppended, _segment, _durable, _failed) = (options, lastSequence, segment, durable, failed);
        RecoveredSequence = lastSequence;
    }

    /// <summary>The last sequence that recovery found.</summary>
    public long RecoveredSequence { get; }

    /// <summary>Bytes appended but not yet durable, for back-pressure.</summary>
    public long PendingBytes
    {
        get
        {
            lock (_lock)
            {
                return _gathering.Length + _writingBytes;
            }
        }
    }

    /// <summary>Whether the directory holds files of a journal.</summary>
    public static bool Exists(string directory) => JournalSegment.List(directory).Count > 0;

    /// <summary>Recovers the journal, replaying what follows <paramref name="after"/>, and starts its writer.</summary>
    /// <param name="options">Where and how.</param>
    /// <param name="after">Sequence that a snapshot covers; 0 for none.</param>
    /// <param name="replay">Receives the records that follow, before this method returns.</param>
    /// <param name="durable">Called by the writer with the last durable sequence, after each batch. Must not block.</param>
    /// <param name="failed">Called once when a write or fsync fails. Nothing is written or reported durable after that.</param>
    /// <exception cref="InvalidDataException">A file is damaged before its end; the message names file and offset.</exception>
    public static SegmentedJournal Open(
        JournalOptions options, long after, JournalRecordHandler replay, Action<long> durable, Action<Exception> failed)
    {
        ArgumentNullException.ThrowIfNull(options);
        System.IO.Directory.CreateDirectory(options.Directory);
        var recovery = new JournalRecovery(after, replay);
        JournalSegment? segment = recovery.Run(options.Directory) is (string path, long end) ? JournalSegment.Continue(path, end) : null;
        var journal = new SegmentedJournal(options, recovery.LastSequence, segment, durable, failed);
        new Thread(journal.WriteUntilClosed) { Name = "freshet journal", IsBackground = true }.Start();
        return journal;
    }

    /// <summary>Appends a record to memory and returns its sequence; the durable callback reports when it is on disk.</summary>
    /// <exception cref="ArgumentException">The record is longer than <see cref="JournalOptions.MaxRecordBytes"/>.</exception>
    public long Append(ReadOnlySpan<byte> record)
    {
        if (record.Length > _options.MaxRecordBytes)
        {
            throw new ArgumentException($"A record of {record.Length} bytes is longer than the {_options.MaxRecordBytes} allowed.", nameof(record));
        }

        bool first;
        long sequence;
        lock (_lock)
        {
            first = _gathering.IsEmpty;
            sequence = ++_lastAppended;
            _gathering.Add(sequence, record);
        }

        if (first)
        {
            _wake.Set();
        }

        return sequence;
    }

    /// <summary>Deletes the files whose records are all at or below <paramref name="sequence"/>; the current file stays.</summary>
    public void Purge(long sequence)
    {
        List<(long FirstSequence, string Path)> segments = JournalSegment.List(_options.Directory);
        for (int i = 0; i + 1 < segments.Count && segments[i + 1].FirstSequence <= sequence + 1; i++)
        {
            File.Delete(segments[i].Path);
        }
    }

    /// <summary>Writes what was appended, then closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        _closing = true;
        _wake.Set();
        await _stopped.Task.ConfigureAwait(false);
        _segment?.Dispose();
        _wake.Dispose();
    }

    private void WriteUntilClosed()
    {
        try
        {
            while (true)
            {
                bool closing = _closing;
                while (TakeGathered())
                {
                    WriteBatch();
                }

                if (closing)
                {
                    return;
                }

                _wake.WaitOne();
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A failed fsync may have dropped dirty pages, so trying again could report lost data as safe: stop for good.
            _failed(failure);
        }
        finally
        {
            _stopped.SetResult();
        }
    }

    private bool TakeGathered()
    {
        lock (_lock)
        {
            Debug.Assert(_writing.IsEmpty, "The batch before is still being written.");
            (_gathering, _writing) = (_writing, _gathering);
            _writingBytes = _writing.Length;
            return !_writing.IsEmpty;
        }
    }

    private void WriteBatch()
    {
        long last = _writing.LastSequence;
        ReadOnlySpan<byte> batch = _writing.Seal(out long first);
        if (_segment is null || _segment.End >= _options.SegmentBytes)
        {
            _segment?.Dispose();
            _segment = JournalSegment.Create(_options.Directory, first);
        }

        _segment.Append(batch);
        if (_options.Sync)
        {
            long start = Stopwatch.GetTimestamp();
            _segment.Sync();
            _options.Synced?.Invoke(Stopwatch.GetElapsedTime(start));
        }

        _writing.Clear();
        _durable(last);
    }
}
