using Freshet.Streams.Groupings;
using Freshet.Streams.Runtime;

namespace Freshet.Streams;

/// <summary>A node of the topology, as described.</summary>
internal abstract class Component(string id, int parallelism)
{
    public string Id => id;

    public int Parallelism => parallelism;
}

/// <summary>One output of a component and where it leads.</summary>
internal sealed class OutputPort<T>
{
    public Component Producer { get; set; } = null!;

    public List<Edge<T>> Edges { get; } = [];
}

/// <summary>A stream from an output to a consumer; without a grouping both run in one task.</summary>
internal sealed record Edge<T>(ConsumerComponent<T> Consumer, Grouping<T>? Grouping);

/// <summary>Makes the operator of one task.</summary>
internal delegate Output<TIn> CreateOperator<TIn, TOut>(OperatorContext context, TaskParts parts, Output<TOut> next);

internal abstract class SpoutComponent(string id, int parallelism) : Component(id, parallelism)
{
    /// <summary>Makes one task with everything fused to it.</summary>
    public abstract ITaskLoop CreateTask(RunAssembly assembly, int taskIndex, SpoutControl control, Action ended);
}

internal sealed class SpoutComponent<T> : SpoutComponent
{
    private readonly Func<ISpout<T>> _create;

    public SpoutComponent(string id, int parallelism, Func<ISpout<T>> create)
        : base(id, parallelism)
    {
        _create = create;
        Output.Producer = this;
    }

    public OutputPort<T> Output { get; } = new();

    public override ITaskLoop CreateTask(RunAssembly assembly, int taskIndex, SpoutControl control, Action ended)
    {
        ISpout<T> spout = _create();
        var parts = new TaskParts(assembly, taskIndex, assembly.CreateFlow(control.Wake), spout);
        OperatorContext context = parts.ContextOf(this);
        return new SpoutTask<T>(context, spout, parts.Build(Output, context.Metrics), control, ended);
    }
}

/// <summary>A component that takes tuples.</summary>
internal abstract class ConsumerComponent<TIn>(string id, int parallelism) : Component(id, parallelism), IConsumerComponent
{
    /// <summary>Makes the component's operator within a task.</summary>
    public abstract Output<TIn> CreateOperator(TaskParts parts);

    public ITaskLoop CreateTask(RunAssembly assembly, int taskIndex, Inbox inbox)
    {
        var parts = new TaskParts(assembly, taskIndex, assembly.CreateFlow(inbox.Wake), spout: null);
        return new BoltTask<TIn>(Id, taskIndex, inbox, CreateOperator(parts), parts.Flow);
    }
}

/// <summary>A component that takes tuples, whatever their type.</summary>
internal interface IConsumerComponent
{
    ITaskLoop CreateTask(RunAssembly assembly, int taskIndex, Inbox inbox);
}

internal sealed class OperatorComponent<TIn, TOut> : ConsumerComponent<TIn>
{
    private readonly CreateOperator<TIn, TOut> _create;

    public OperatorComponent(string id, int parallelism, CreateOperator<TIn, TOut> create)
        : base(id, parallelism)
    {
        _create = create;
        Output.Producer = this;
    }

    public OutputPort<TOut> Output { get; } = new();

    public override Output<TIn> CreateOperator(TaskParts parts)
    {
        OperatorContext context = parts.ContextOf(this);
        return _create(context, parts, parts.Build(Output, context.Metrics));
    }
}

internal sealed class SinkComponent<T>(string id, int parallelism, Func<ISink<T>> create) : ConsumerComponent<T>(id, parallelism)
{
    public override Output<T> CreateOperator(TaskParts parts) => new SinkOperator<T>(parts.ContextOf(this), parts.Own(create()));
}
