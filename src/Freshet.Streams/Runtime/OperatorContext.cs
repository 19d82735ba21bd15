using Freshet.Streams.State;
using Microsoft.Extensions.Logging;

namespace Freshet.Streams.Runtime;

/// <summary>One component's part of one task: who it is, what it restores, what it counts.</summary>
internal sealed record OperatorContext(
    string Component, int TaskIndex, int TaskCount, TaskFlow Flow, ComponentState Restored, TaskMetrics Metrics, ILogger Logger)
{
    /// <summary>What a failure of user code becomes: the innermost component of a fused chain is named.</summary>
    public TopologyException Failed<T>(Exception cause) => new(
        $"'{Component}' (task {TaskIndex}) failed at a tuple of type {typeof(T).Name}: {cause.Message}", cause);

    public TaskContext ForUser() => new(Component, TaskIndex, TaskCount, Logger, Flow.Time);
}
