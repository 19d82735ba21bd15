namespace Freshet.Streams;

/// <summary>
/// What one task of one component has counted. Written by the task alone with plain adds; a reader sees values that are at most a moment old.
/// </summary>
public sealed class TaskMetrics
{
    internal TaskMetrics(string component, int taskIndex)
    {
        Component = component;
        TaskIndex = taskIndex;
    }

    /// <summary>Name of the component.</summary>
    public string Component { get; }

    /// <summary>Number of the task among the component's tasks, from 0.</summary>
    public int TaskIndex { get; }

    /// <summary>Tuples taken.</summary>
    public long Executed { get; internal set; }

    /// <summary>Tuples emitted, counted once however many receivers there are.</summary>
    public long Emitted { get; internal set; }

    /// <summary>Tuples that came behind the watermark and went to the late output.</summary>
    public long Late { get; internal set; }

    /// <summary>Event time reached, in <see cref="DateTimeOffset.UtcTicks"/>; <see cref="long.MinValue"/> before the first watermark.</summary>
    public long Watermark { get; internal set; } = long.MinValue;
}
