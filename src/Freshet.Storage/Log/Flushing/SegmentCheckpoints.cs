using Freshet.Storage.Log.Segments;
using Microsoft.Extensions.Logging;

namespace Freshet.Storage.Log.Flushing;

/// <summary>Forces closed segments to disk in the background, one after the other, and notes that they are there.</summary>
internal sealed class SegmentCheckpoints(string folder, LogFlush flush, CheckpointFile checkpoint, Func<LogOptions> options, ILogger logger)
{
    private Task _running = Task.CompletedTask;

    /// <summary>Has a segment that was just closed follow those before it. The log's lock guards it.</summary>
    public void Follow(LogSegment closed) => _running = AfterAsync(_running, closed);

    /// <summary>Waits for those under way, then does it for segments that are closed with the log.</summary>
    public async ValueTask FinishAsync(LogSegment[] segments, long end)
    {
        await _running.ConfigureAwait(false);
        if (!flush.HasFailed)
        {
            await CheckpointAsync(segments, end).ConfigureAwait(false);
        }
    }

    private async Task AfterAsync(Task previous, LogSegment closed)
    {
        await previous.ConfigureAwait(false);
        await CheckpointAsync([closed], closed.NextOffset).ConfigureAwait(false);
    }

    private async ValueTask CheckpointAsync(LogSegment[] segments, long recoveryPoint)
    {
        try
        {
            bool force = options().ForceOnClose;
            await flush.WaitAsync(recoveryPoint, CancellationToken.None).ConfigureAwait(false);
            foreach (LogSegment segment in segments)
            {
                segment.FlushIndexes(force);
            }

            checkpoint.Note(force, recoveryPoint);
        }
        catch (IOException exception)
        {
            // Without a checkpoint the next start checks more than it had to; nothing is lost.
            LogEvents.CheckpointFailed(logger, folder, exception);
        }
    }
}
