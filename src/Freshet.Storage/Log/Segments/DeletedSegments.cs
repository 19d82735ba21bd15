namespace Freshet.Storage.Log.Segments;

/// <summary>Segments that are not part of their log any more: their files wait under another name for a while, then they go.</summary>
internal sealed class DeletedSegments(string folder, TimeProvider time) : IDisposable
{
    private readonly CancellationTokenSource _closing = new();

    /// <summary>Takes a segment. Readers that found it before go on with the files they hold.</summary>
    /// <exception cref="IOException">The disk refuses; the segment may be back after the next start.</exception>
    public void Take(LogSegment segment, TimeSpan delay)
    {
        segment.HoldOpen();
        _ = RemoveLaterAsync(SegmentFiles.MarkDeleted(folder, segment.BaseOffset), delay);
    }

    /// <summary>Leaves what still waits to the next start.</summary>
    public void Dispose()
    {
        _closing.Cancel();
        _closing.Dispose();
    }

    private async Task RemoveLaterAsync(string[] files, TimeSpan delay)
    {
        try
        {
            await Task.Delay(delay, time, _closing.Token).ConfigureAwait(false);
            Array.ForEach(files, File.Delete);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            // The next start removes them.
        }
    }
}
