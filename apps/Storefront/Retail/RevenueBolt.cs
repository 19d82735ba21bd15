using Freshet.Streams;

namespace Storefront.Retail;

/// <summary>Keeps what the revenue windows brought. Every result replaces the one before, so a repeated one does no harm.</summary>
internal sealed class RevenueBolt(RetailView view) : KeyedBolt<long, WindowResult<string, decimal>, Nothing>
{
    /// <summary>More than a year of windows; then the oldest goes for each new one.</summary>
    private const int MaxWindows = 60_000;

    private KeyedState<long, Kept> _windows = null!;

    public override void Open(KeyedBoltContext<long> context)
    {
        _windows = context.State<Kept>("windows");
        foreach ((long start, Kept kept) in _windows.All)
        {
            view.Set(WindowOf(start, kept));
        }
    }

    public override void Execute(long start, WindowResult<string, decimal> result, IEmitter<Nothing> output)
    {
        Kept kept = new(result.Value, result.Kind != WindowResultKind.Update);
        _windows[start] = kept;
        view.Set(WindowOf(start, kept));
        if (_windows.Count > MaxWindows)
        {
            long oldest = _windows.All.Min(window => window.Key);
            _windows.Remove(oldest);
            view.Remove(TimeOf(oldest));
        }
    }

    private static RevenueWindow WindowOf(long start, Kept kept) => new(TimeOf(start), kept.Revenue, kept.IsFinal);

    private static DateTimeOffset TimeOf(long start) => new(start, TimeSpan.Zero);

    private readonly record struct Kept(decimal Revenue, bool IsFinal);
}
