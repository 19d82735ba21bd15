using Freshet.Streams.Groupings;
using Freshet.Streams.Runtime;
using Freshet.Streams.Windows;

namespace Freshet.Streams;

/// <summary>A stream divided by key: what is added to it sees all tuples of a key in one task.</summary>
/// <typeparam name="T">The tuples.</typeparam>
/// <typeparam name="TKey">The keys.</typeparam>
public sealed class KeyedStream<T, TKey>
    where TKey : notnull
{
    private readonly Func<T, TKey> _keyOf;
    private readonly Stream<T> _stream;
    private readonly TopologyBuilder _builder;

    internal KeyedStream(TopologyBuilder builder, IReadOnlyList<OutputPort<T>> ports, Func<T, TKey> keyOf)
    {
        _keyOf = keyOf;
        _builder = builder;
        _stream = new Stream<T>(builder, ports, Grouping<T>.Key(keyOf));
    }

    /// <summary>Adds a bolt with state for each key.</summary>
    /// <param name="id">Name of the component, unique in the topology and the same across restarts.</param>
    /// <param name="create">Makes the instance of one task.</param>
    /// <param name="parallelism">How many tasks; as many as the input has when null.</param>
    public Stream<TOut> AddBolt<TOut>(string id, Func<KeyedBolt<TKey, T, TOut>> create, int? parallelism = null) =>
        _stream.AddOperator<TOut>(id, parallelism, (context, _, next) => new KeyedBoltOperator<TKey, T, TOut>(context, create(), _keyOf, next));

    /// <summary>Gathers the tuples of each key into windows of event time that follow each other without a gap.</summary>
    /// <param name="id">Name of the component, unique in the topology and the same across restarts.</param>
    /// <param name="window">Size, lateness, and how tuples are gathered.</param>
    /// <param name="parallelism">How many tasks; as many as the input has when null.</param>
    public WindowedStream<T, TKey, TAccumulator> AddTumblingWindow<TAccumulator>(string id, TumblingWindow<T, TAccumulator> window, int? parallelism = null)
    {
        ArgumentNullException.ThrowIfNull(window);
        window.Validate();
        var late = new OutputPort<T>();
        Stream<WindowResult<TKey, TAccumulator>> results = _stream.AddOperator<WindowResult<TKey, TAccumulator>>(id, parallelism, (context, parts, next) =>
            new TumblingWindowOperator<T, TKey, TAccumulator>(context, window, _keyOf, next, parts.Build(late, context.Metrics)));
        late.Producer = results.Producer;
        return new WindowedStream<T, TKey, TAccumulator>(results, new Stream<T>(_builder, [late]));
    }
}

/// <summary>What a window brings: results, and the tuples that came too late for theirs.</summary>
/// <param name="Results">A result for each key and window.</param>
/// <param name="Late">Tuples behind the watermark and the allowed lateness. They are in no result.</param>
public sealed record WindowedStream<T, TKey, TAccumulator>(Stream<WindowResult<TKey, TAccumulator>> Results, Stream<T> Late)
    where TKey : notnull;
