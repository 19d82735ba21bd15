using Freshet.Streams.State;
using Microsoft.Extensions.Logging;

namespace Freshet.Streams.Runtime;

/// <summary>One component's part of one task: who it is, what it restores, what it counts.</summary>
internal sealed record OperatorContext(
    string Component, int TaskIndex, int TaskCount, TaskFlow Flow, ComponentState Restored, TaskMetrics Metrics, ILogger Logger)
{
    public TaskContext ForUser() => new(Component, TaskIndex, TaskCount, Logger, Flow.Time);
}
