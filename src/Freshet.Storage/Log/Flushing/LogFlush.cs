using Freshet.Storage.Files;
using Freshet.Storage.Log.Segments;
using Microsoft.Extensions.Logging;

namespace Freshet.Storage.Log.Flushing;

/// <summary>
/// Forces a log's batches to disk, when the settings ask for it or somebody waits for it. After a failed flush nobody knows what
/// is on disk, so the log takes no more until it is opened and checked anew. Safe for use by many threads.
/// </summary>
internal sealed class LogFlush
{
    private readonly string _folder;
    private readonly SegmentList _segments;
    private readonly Func<LogOptions> _options;
    private readonly ILogger _logger;
    private readonly SharedFlush _shared;
    private long _batchesSince;
    private long _newestNamed = -1;
    private Exception? _failure;

    public LogFlush(string folder, SegmentList segments, Func<LogOptions> options, long flushed, ILogger logger)
    {
        _folder = folder;
        _segments = segments;
        _options = options;
        _logger = logger;
        _shared = new SharedFlush(Flush);
        _shared.StartAt(flushed);
    }

    public bool HasFailed => _failure is not null;

    /// <summary>Counts a batch that was appended.</summary>
    public void Appended() => _batchesSince++;

    /// <summary>Waits for the disk when the flush settings ask for it; everything before <paramref name="offset"/> is then safe.</summary>
    public ValueTask WaitIfDueAsync(long offset, CancellationToken cancellation) =>
        _options().FlushBatches is long batches && (batches <= 1 || Volatile.Read(ref _batchesSince) >= batches)
            ? WaitAsync(offset, cancellation)
            : ValueTask.CompletedTask;

    /// <summary>Waits until everything before <paramref name="offset"/> is on disk.</summary>
    public ValueTask WaitAsync(long offset, CancellationToken cancellation) => _shared.WaitAsync(offset, cancellation);

    public void ThrowIfFailed()
    {
        if (_failure is { } failure)
        {
            throw new IOException($"The log in {_folder} takes no more batches since it could not be forced to disk: {failure.Message}", failure);
        }
    }

    private long Flush()
    {
        // A second try would succeed: the system takes what it could not write for written. The same record must not be acknowledged by it.
        ThrowIfFailed();
        LogOptions options = _options();
        long end = _segments.Active.NextOffset;
        Volatile.Write(ref _batchesSince, 0);
        if (!options.ForceOnClose && options.FlushBatches is null && options.FlushAge is null)
        {
            return end;
        }

        try
        {
            foreach (LogSegment segment in _segments.All.Where(segment => segment.NextOffset > _shared.Flushed))
            {
                segment.FlushBatches();
            }

            FlushNames();
            return end;
        }
        catch (IOException exception)
        {
            _failure = exception;
            LogEvents.FlushFailed(_logger, _folder, exception);
            throw;
        }
    }
    /// <summary>The name of a new segment is no part of its file.</summary>
    private void FlushNames()
    {
        long newest = _segments.Active.BaseOffset;
        if (newest != _newestNamed)
        {
            DirectorySync.Flush(_folder);
            _newestNamed = newest;
        }
    }
}
