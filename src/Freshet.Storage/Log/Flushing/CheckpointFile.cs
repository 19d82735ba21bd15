namespace Freshet.Storage.Log.Flushing;

/// <summary>A log's checkpoint as it moves on. Safe for use by many threads: none takes back what another has noted.</summary>
internal sealed class CheckpointFile(string folder, LogCheckpoint found)
{
    private readonly Lock _writing = new();
    private long _recoveryPoint = found.RecoveryPoint;
    private long _logStartOffset = found.LogStartOffset;
    private long _firstDirtyOffset = found.FirstDirtyOffset;

    /// <summary>Offset after the last batch noted to be on disk.</summary>
    public long RecoveryPoint => Volatile.Read(ref _recoveryPoint);

    /// <summary>Offset up to which the log is noted to be compacted.</summary>
    public long FirstDirtyOffset => Volatile.Read(ref _firstDirtyOffset);

    /// <summary>Notes what has moved forward; what is not beyond the noted stays as it is.</summary>
    /// <param name="force">Whether to wait for the disk.</param>
    /// <exception cref="IOException">The disk refuses; nothing is noted.</exception>
    public void Note(bool force, long recoveryPoint = 0, long logStartOffset = 0, long firstDirtyOffset = 0)
    {
        lock (_writing)
        {
            var next = new LogCheckpoint(
                Math.Max(_recoveryPoint, recoveryPoint), Math.Max(_logStartOffset, logStartOffset), Math.Max(_firstDirtyOffset, firstDirtyOffset));
            next.Write(folder, force);
            Volatile.Write(ref _recoveryPoint, next.RecoveryPoint);
            _logStartOffset = next.LogStartOffset;
            Volatile.Write(ref _firstDirtyOffset, next.FirstDirtyOffset);
        }
    }
}
