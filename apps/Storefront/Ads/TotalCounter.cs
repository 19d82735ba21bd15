using Freshet.Streams;

namespace Storefront.Ads;

/// <summary>Counts all events of each key since the first one.</summary>
/// <param name="showRestored">Takes what a checkpoint held: after a restart the board is empty, and keys without news would stay away from it.</param>
internal sealed class TotalCounter(Action<TotalCount> showRestored) : KeyedBolt<string, AdEvent, TotalCount>
{
    private KeyedState<string, AdCount> _totals = null!;

    public override void Open(KeyedBoltContext<string> context)
    {
        _totals = context.State<AdCount>("totals");
        foreach ((string key, AdCount total) in _totals.All)
        {
            showRestored(new TotalCount(key, total));
        }
    }

    public override void Execute(string key, AdEvent tuple, IEmitter<TotalCount> output)
    {
        ref AdCount total = ref _totals[key];
        total = total.With(tuple.Kind);
        output.Emit(new TotalCount(key, total));
    }
}
