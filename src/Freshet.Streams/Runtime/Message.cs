namespace Freshet.Streams.Runtime;

/// <summary>What travels on a channel between two tasks, in order.</summary>
internal abstract class Message
{
    /// <summary>Smallest possible watermark: nothing is known about event time yet.</summary>
    public const long NoWatermark = long.MinValue;

    /// <summary>Largest possible watermark: the input has ended.</summary>
    public const long EndOfTime = long.MaxValue;
}

/// <summary>Event time has advanced on this channel, in ticks of <see cref="DateTimeOffset.UtcTicks"/>.</summary>
internal sealed class WatermarkMessage(long ticks) : Message
{
    public long Ticks => ticks;
}

/// <summary>The channel is silent and must not hold event time back until its next watermark.</summary>
internal sealed class IdleMessage : Message
{
    public static IdleMessage Instance { get; } = new();
}

/// <summary>Everything before it belongs to the checkpoint, everything behind it does not.</summary>
internal sealed class BarrierMessage(Checkpoints.CheckpointBarrier barrier) : Message
{
    public Checkpoints.CheckpointBarrier Barrier => barrier;
}

/// <summary>Nothing follows.</summary>
internal sealed class EndMessage : Message
{
    public static EndMessage Instance { get; } = new();
}
