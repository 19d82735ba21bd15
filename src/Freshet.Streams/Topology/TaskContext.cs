using Microsoft.Extensions.Logging;

namespace Freshet.Streams;

/// <summary>What a task knows about itself.</summary>
public class TaskContext
{
    internal TaskContext(string component, int taskIndex, int taskCount, ILogger logger, TimeProvider time)
    {
        (Component, TaskIndex, TaskCount, Logger, Time) = (component, taskIndex, taskCount, logger, time);
    }

    /// <summary>Name of the component in the topology.</summary>
    public string Component { get; }

    /// <summary>Number of this task among the component's tasks, from 0.</summary>
    public int TaskIndex { get; }

    /// <summary>How many tasks the component has.</summary>
    public int TaskCount { get; }

    /// <summary>For the component's own log lines.</summary>
    public ILogger Logger { get; }

    /// <summary>The clock to use, so that tests can own it.</summary>
    public TimeProvider Time { get; }
}

/// <summary>What a spout's task knows when it opens.</summary>
public sealed class SpoutContext : TaskContext
{
    internal SpoutContext(
        string component, int taskIndex, int taskCount, ILogger logger, TimeProvider time, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> restoredPositions)
        : base(component, taskIndex, taskCount, logger, time) => RestoredPositions = restoredPositions;

    /// <summary>The positions of all tasks of this spout in the checkpoint that the run goes on from, by unit; empty at a first start.</summary>
    public IReadOnlyDictionary<string, ReadOnlyMemory<byte>> RestoredPositions { get; }
}
