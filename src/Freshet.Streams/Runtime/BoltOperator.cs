using Freshet.Streams.State;

namespace Freshet.Streams.Runtime;

/// <summary>Runs a <see cref="Bolt{TIn,TOut}"/>.</summary>
internal sealed class BoltOperator<TIn, TOut>(OperatorContext context, Bolt<TIn, TOut> bolt, Output<TOut> next) : Operator<TIn, TOut>(context, next)
{
    private const string StateName = "bolt";

    public override void Emit(TIn tuple)
    {
        Context.Metrics.Executed++;
        try
        {
            bolt.Execute(tuple, Next);
        }
        catch (Exception failure) when (failure is not TopologyException)
        {
            throw Context.Failed<TIn>(failure);
        }
    }

    protected override void Open()
    {
        bolt.Open(Context.ForUser());
        if (Context.Restored.Find(StateName, ComponentState.NoGroup) is ReadOnlyMemory<byte> bytes)
        {
            var reader = new StateReader(bytes.Span);
            bolt.Restore(ref reader);
        }
    }

    protected override void OnWatermark(long watermark) => bolt.OnWatermark(EventTime.FromTicks(watermark), Next);

    protected override void Save(ComponentState state)
    {
        var writer = new StateWriter();
        bolt.Save(writer);
        if (writer.Length > 0)
        {
            state.Add(StateName, ComponentState.NoGroup, writer.Written);
        }
    }
}

/// <summary>Runs a <see cref="KeyedBolt{TKey,TIn,TOut}"/>.</summary>
internal sealed class KeyedBoltOperator<TKey, TIn, TOut>(
    OperatorContext context, KeyedBolt<TKey, TIn, TOut> bolt, Func<TIn, TKey> keyOf, Output<TOut> next) : Operator<TIn, TOut>(context, next)
    where TKey : notnull
{
    private readonly KeyedStateSet<TKey> _states = new(context.TaskIndex, context.TaskCount, context.Restored);

    public override void Emit(TIn tuple)
    {
        Context.Metrics.Executed++;
        try
        {
            bolt.Execute(keyOf(tuple), tuple, Next);
        }
        catch (Exception failure) when (failure is not TopologyException)
        {
            throw Context.Failed<TIn>(failure);
        }
    }

    protected override void Open() => bolt.Open(
        new KeyedBoltContext<TKey>(Context.Component, Context.TaskIndex, Context.TaskCount, Context.Logger, Context.Flow.Time, _states));

    protected override void OnWatermark(long watermark) => bolt.OnWatermark(EventTime.FromTicks(watermark), Next);

    protected override void Save(ComponentState state) => _states.Save(state);
}
