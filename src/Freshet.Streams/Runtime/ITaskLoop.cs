namespace Freshet.Streams.Runtime;

/// <summary>One task of a running topology: a loop that ends when its input has ended, and fails when user code throws.</summary>
internal interface ITaskLoop
{
    string Component { get; }

    int TaskIndex { get; }

    Task RunAsync();
}

/// <summary>Sends partial batches on when a millisecond has passed, so that a steady trickle is not held back by full batches that never come.</summary>
internal struct Linger(TimeProvider time)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(1);
    private long _last = time.GetTimestamp();

    public bool IsOver()
    {
        if (time.GetElapsedTime(_last) < Longest)
        {
            return false;
        }

        _last = time.GetTimestamp();
        return true;
    }
}
