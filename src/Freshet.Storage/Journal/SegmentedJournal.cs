using System.Diagnostics;
using Freshet.Storage.Files;

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
    private readonly Action<Exception>? _full;
    private readonly Lock _lock = new();
    private readonly WakeSignal _wake = new();
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private JournalBuffer _gathering = new();
    private JournalBuffer _writing = new();
    private JournalSegment? _segment;
    private long _lastAppended;
    private long _lastDurable;
    private bool _isFull;
    private long _writingBytes;
    private volatile bool _closing;

    private SegmentedJournal(JournalOptions options, long lastSequence, JournalSegment? segment, Action<long> durable, Action<Exception> failed, Action<Exception>? full)
    {
        (_options, _segment, _durable, _failed, _full) = (options, segment, durable, failed, full);
        (_lastAppended, _lastDurable) = (lastSequence, lastSequence);
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

    /// <summary>Whether records wait to be written. Asked inside the durable callback: whether the writer has something better to do.</summary>
    public bool HasMoreToWrite
    {
        get
        {
            lock (_lock)
            {
                return !_gathering.IsEmpty;
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
    /// <param name="full">
    /// Called when a write finds no space. Nothing of that batch is kept and nothing more is written until <see cref="Abandon"/>. When
    /// null, a full disk is a failure like any other.
    /// </param>
    /// <exception cref="InvalidDataException">A file is damaged before its end; the message names file and offset.</exception>
    public static SegmentedJournal Open(
        JournalOptions options, long after, JournalRecordHandler replay, Action<long> durable, Action<Exception> failed, Action<Exception>? full = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        System.IO.Directory.CreateDirectory(options.Directory);
        var recovery = new JournalRecovery(after, replay);
        JournalSegment? segment = recovery.Run(options.Directory) is (string path, long end) ? JournalSegment.Continue(path, end) : null;
        var journal = new SegmentedJournal(options, recovery.LastSequence, segment, durable, failed, full);
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

    /// <summary>
    /// Forgets every record that is not durable, after the disk was reported full: the next one appended follows the last durable one.
    /// Called from the thread that appends.
    /// </summary>
    /// <exception cref="InvalidOperationException">The disk was not reported full.</exception>
    public void Abandon()
    {
        lock (_lock)
        {
            if (!_isFull)
            {
                throw new InvalidOperationException("Records on their way to the disk cannot be taken back.");
            }

            _gathering.Clear();
            _writing.Clear();
            (_writingBytes, _lastAppended, _isFull) = (0, _lastDurable, false);
        }
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

                _wake.Wait();
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
            if (_isFull)
            {
                return false;
            }

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
        if (!TryWrite(batch, first))
        {
            return;
        }

        if (_options.Sync)
        {
            long start = Stopwatch.GetTimestamp();
            _segment!.Sync();
            _options.Synced?.Invoke(Stopwatch.GetElapsedTime(start));
        }

        _writing.Clear();
        _lastDurable = last;
        _durable(last);
    }

    /// <summary>
    /// Writes the batch to its file; false when there is no space. That is harmless as long as nothing was forced: the file is cut
    /// back to its last whole batch.
    /// </summary>
    private bool TryWrite(ReadOnlySpan<byte> batch, long first)
    {
        try
        {
            if (_segment is null || _segment.End >= _options.SegmentBytes)
            {
                _segment?.Dispose();
                _segment = null;
                _segment = JournalSegment.Create(_options.Directory, first, _options.Sync);
            }

            _segment.Append(batch, _options.Write);
            return true;
        }
        catch (IOException noSpace) when (_full is not null && DiskFull.Is(noSpace))
        {
            _segment?.CutBack();
            lock (_lock)
            {
                _isFull = true;
            }

            _full(noSpace);
            return false;
        }
    }
}
