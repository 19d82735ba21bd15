namespace Freshet.Streams.Runtime;

/// <summary>Builds the operators of one task: the head, and everything fused behind it.</summary>
internal sealed class TaskParts(RunAssembly assembly, int taskIndex, TaskFlow flow, object? spout)
{
    public TaskFlow Flow => flow;

    /// <summary>The spout at the head of the task, if there is one.</summary>
    public object? Spout => spout;

    public OperatorContext ContextOf(Component component) => new(
        component.Id, taskIndex, component.Parallelism, flow, assembly.Restored.For(component.Id, taskIndex, component.Parallelism),
        assembly.MetricsOf(component, taskIndex), assembly.Logger);

    /// <summary>Builds what an output leads to: fused operators, channels to other tasks, or both.</summary>
    public Output<T> Build<T>(OutputPort<T> port, TaskMetrics metrics)
    {
        Output<T>[] receivers =
        [
            .. port.Edges.Select(edge => edge.Grouping is null
                ? edge.Consumer.CreateOperator(this)
                : edge.Grouping.Create(flow, assembly.ChannelsTo(edge.Consumer), taskIndex)),
        ];
        return new FanOut<T>(metrics, receivers);
    }

    /// <summary>Lets the run dispose of a part when it ends, however it ends.</summary>
    public T Own<T>(T part)
        where T : IAsyncDisposable => assembly.Own(part);
}
