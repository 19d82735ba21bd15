namespace Freshet.Streams.Runtime;

/// <summary>Event time of a task with several inputs: the least watermark of those that are not idle, and never backwards.</summary>
internal sealed class ChannelWatermarks
{
    private readonly long[] _watermarks;
    private readonly bool[] _idle;
    private bool _allIdle;

    public ChannelWatermarks(int channels)
    {
        _watermarks = new long[channels];
        _idle = new bool[channels];
        Array.Fill(_watermarks, Message.NoWatermark);
    }

    /// <summary>What a message changed for the task as a whole.</summary>
    public readonly record struct Change(bool MustTell, bool BecameIdle);

    public long Current { get; private set; } = Message.NoWatermark;

    public Change Advance(int channel, long watermark)
    {
        _idle[channel] = false;
        _watermarks[channel] = Math.Max(_watermarks[channel], watermark);
        return Update();
    }

    public Change SetIdle(int channel)
    {
        _idle[channel] = true;
        return Update();
    }

    private Change Update()
    {
        long least = Message.EndOfTime;
        bool allIdle = true;
        for (int channel = 0; channel < _watermarks.Length; channel++)
        {
            if (!_idle[channel])
            {
                allIdle = false;
                least = Math.Min(least, _watermarks[channel]);
            }
        }

        bool becameIdle = allIdle && !_allIdle;
        bool returned = !allIdle && _allIdle && Current != Message.NoWatermark;
        _allIdle = allIdle;
        // With all of them idle nobody is waited for: event time goes as far as any channel knew.
        least = allIdle ? _watermarks.Max() : least;
        bool advanced = least > Current;
        Current = advanced ? least : Current;
        // Receivers left this task out of their minimum while it was idle; they must hear that it is back even without progress.
        return new Change(advanced || returned, becameIdle);
    }
}
