using System.Diagnostics;

namespace Freshet.Storage.Log.Compaction;

/// <summary>Holds compaction to a rate by sleeping. Used by the one thread that compacts.</summary>
internal sealed class CompactionThrottle(long? bytesPerSecond)
{
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(100);
    private long _sliceStart = Stopwatch.GetTimestamp();
    private long _taken;

    /// <summary>Waits when this second's bytes are used up.</summary>
    public void Take(int bytes, CancellationToken cancellation)
    {
        if (bytesPerSecond is not long rate)
        {
            return;
        }

        _taken += bytes;
        if (_taken < rate * Slice.TotalSeconds)
        {
            return;
        }

        TimeSpan due = TimeSpan.FromSeconds(_taken / (double)rate) - Stopwatch.GetElapsedTime(_sliceStart);
        if (due > TimeSpan.Zero)
        {
            cancellation.WaitHandle.WaitOne(due);
        }

        _taken = 0;
        _sliceStart = Stopwatch.GetTimestamp();
    }
}
