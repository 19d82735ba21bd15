using Freshet.Streams;

namespace Storefront.Ads;

/// <summary>Counts all events of each key since the first one.</summary>
internal sealed class TotalCounter : KeyedBolt<string, AdEvent, TotalCount>
{
    private KeyedState<string, AdCount> _totals = null!;
    private bool _hasShownRestored;

    public override void Open(KeyedBoltContext<string> context) => _totals = context.State<AdCount>("totals");

    public override void Execute(string key, AdEvent tuple, IEmitter<TotalCount> output)
    {
        ShowRestored(output);
        ref AdCount total = ref _totals[key];
        total = total.With(tuple.Kind);
        output.Emit(new TotalCount(key, total));
    }

    public override void OnWatermark(DateTimeOffset watermark, IEmitter<TotalCount> output) => ShowRestored(output);

    /// <summary>After a restart the board is empty, and keys without news would stay away from it.</summary>
    private void ShowRestored(IEmitter<TotalCount> output)
    {
        if (!_hasShownRestored)
        {
            _hasShownRestored = true;
            foreach ((string key, AdCount total) in _totals.All)
            {
                output.Emit(new TotalCount(key, total));
            }
        }
    }
}
