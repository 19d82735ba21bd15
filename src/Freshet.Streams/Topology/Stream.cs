using Freshet.Streams.Groupings;
using Freshet.Streams.Runtime;

namespace Freshet.Streams;

/// <summary>
/// A stream of tuples between components. What is added to it directly takes its tuples one to one, in the same task where the
/// parallelism is the same; a grouping divides them anew among the tasks of the next component.
/// </summary>
/// <typeparam name="T">The tuples.</typeparam>
public sealed class Stream<T>
{
    private readonly TopologyBuilder _builder;
    private readonly IReadOnlyList<OutputPort<T>> _ports;
    private readonly Grouping<T>? _grouping;

    internal Stream(TopologyBuilder builder, IReadOnlyList<OutputPort<T>> ports, Grouping<T>? grouping = null)
    {
        (_builder, _ports, _grouping) = (builder, ports, grouping);
    }

    /// <summary>The same tuples, spread evenly over the next component's tasks.</summary>
    public Stream<T> Shuffle() => new(_builder, _ports, Grouping<T>.Shuffle);

    /// <summary>The same tuples, all to the next component's first task.</summary>
    public Stream<T> Global() => new(_builder, _ports, Grouping<T>.Global);

    /// <summary>The same tuples, each to every task of the next component.</summary>
    public Stream<T> All() => new(_builder, _ports, Grouping<T>.All);

    /// <summary>The tuples of this stream and of another.</summary>
    public Stream<T> Merge(Stream<T> other) => new(_builder, [.. _ports, .. other._ports]);

    /// <summary>The same tuples, those with the same key always to the same task.</summary>
    /// <param name="keyOf">The key. It must depend on the tuple alone; strings, numbers and plain structs are good keys.</param>
    public KeyedStream<T, TKey> GroupBy<TKey>(Func<T, TKey> keyOf)
        where TKey : notnull => new(_builder, _ports, keyOf);

    /// <summary>
    /// Makes event time known behind this point: the watermark follows the largest time seen, at a distance.
    /// Put it on a spout's stream; later components then see event time advance.
    /// </summary>
    /// <param name="timeOf">The tuple's event time.</param>
    /// <param name="maxOutOfOrderness">How far a tuple may be behind the largest time seen without being late.</param>
    /// <param name="idleAfter">How long an input (or one partition of a partitioned spout) may be silent before it stops holding event time back; never, when null. Only time in which the spout has nothing to do counts, so that a held-up or busy spout makes nothing late.</param>
    public Stream<T> WithWatermarks(Func<T, DateTimeOffset> timeOf, TimeSpan maxOutOfOrderness, TimeSpan? idleAfter = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxOutOfOrderness, TimeSpan.Zero);
        return AddOperator<T>(
            $"{_ports[0].Producer.Id}-watermarks", _ports[0].Producer.Parallelism,
            (context, parts, next) => new Windows.WatermarkOperator<T>(context, parts.Spout as IPartitionedSpout, timeOf, maxOutOfOrderness, idleAfter, next));
    }

    /// <summary>Adds a bolt.</summary>
    /// <param name="id">Name of the component, unique in the topology and the same across restarts.</param>
    /// <param name="create">Makes the instance of one task.</param>
    /// <param name="parallelism">How many tasks; as many as the input has when null.</param>
    public Stream<TOut> AddBolt<TOut>(string id, Func<Bolt<T, TOut>> create, int? parallelism = null) =>
        AddOperator<TOut>(id, parallelism, (context, _, next) => new BoltOperator<T, TOut>(context, create(), next));

    /// <summary>Adds a bolt that makes one tuple of each.</summary>
    public Stream<TOut> Map<TOut>(string id, Func<T, TOut> map, int? parallelism = null) => AddBolt(id, () => new MapBolt<T, TOut>(map), parallelism);

    /// <summary>Adds a bolt that makes none, one or many tuples of each.</summary>
    public Stream<TOut> FlatMap<TOut>(string id, Action<T, IEmitter<TOut>> map, int? parallelism = null) => AddBolt(id, () => new FlatMapBolt<T, TOut>(map), parallelism);

    /// <summary>Adds a bolt that lets some tuples pass.</summary>
    public Stream<T> Where(string id, Func<T, bool> passes, int? parallelism = null) => AddBolt(
        id, () => new FlatMapBolt<T, T>((tuple, output) =>
        {
            if (passes(tuple))
            {
                output.Emit(tuple);
            }
        }),
        parallelism);

    /// <summary>Adds a sink.</summary>
    public void AddSink(string id, Func<ISink<T>> create, int? parallelism = null)
    {
        var sink = new SinkComponent<T>(id, parallelism ?? _ports[0].Producer.Parallelism, create);
        _builder.Add(sink);
        Connect(sink);
    }

    internal Component Producer => _ports[0].Producer;

    internal Stream<TOut> AddOperator<TOut>(string id, int? parallelism, CreateOperator<T, TOut> create)
    {
        var component = new OperatorComponent<T, TOut>(id, parallelism ?? _ports[0].Producer.Parallelism, create);
        _builder.Add(component);
        Connect(component);
        return new Stream<TOut>(_builder, [component.Output]);
    }

    internal void Connect(ConsumerComponent<T> consumer)
    {
        // Two inputs, or another number of tasks, need channels in between.
        bool fused = _grouping is null && _ports.Count == 1 && _ports[0].Producer.Parallelism == consumer.Parallelism;
        foreach (OutputPort<T> port in _ports)
        {
            port.Edges.Add(new Edge<T>(consumer, fused ? null : _grouping ?? Grouping<T>.Shuffle));
        }
    }

    private sealed class MapBolt<TIn, TOut>(Func<TIn, TOut> map) : Bolt<TIn, TOut>
    {
        public override void Execute(TIn tuple, IEmitter<TOut> output) => output.Emit(map(tuple));
    }

    private sealed class FlatMapBolt<TIn, TOut>(Action<TIn, IEmitter<TOut>> map) : Bolt<TIn, TOut>
    {
        public override void Execute(TIn tuple, IEmitter<TOut> output) => map(tuple, output);
    }
}
