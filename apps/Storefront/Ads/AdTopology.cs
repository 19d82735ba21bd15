using Freshet.Streams;
using Storefront.Live;

namespace Storefront.Ads;

/// <summary>
/// From ad events to counts: impressions and clicks of every ad and every campaign, per window of event time and in all,
/// and the number of events that came too late for their window.
/// </summary>
internal static class AdTopology
{
    public static readonly TimeSpan WindowSize = TimeSpan.FromSeconds(10);

    /// <summary>Events may overtake each other by this much on their way; whoever needs longer is late.</summary>
    private static readonly TimeSpan MaxOutOfOrderness = TimeSpan.FromSeconds(2);

    /// <summary>A partition without visitors must not hold the others' windows open.</summary>
    private static readonly TimeSpan IdleAfter = TimeSpan.FromSeconds(3);

    /// <summary>How often an open window shows what it has so far: the page is to follow within a second.</summary>
    private static readonly TimeSpan UpdateEvery = TimeSpan.FromMilliseconds(200);

    public static Topology Build(Func<ISpout<AdEvent>> source, int parallelism, AdBoard board)
    {
        var builder = new TopologyBuilder("ads");
        Stream<AdEvent> events = builder.AddSpout("events", source, parallelism)
            .WithWatermarks(adEvent => adEvent.At, MaxOutOfOrderness, IdleAfter);
        Stream<AdEvent> late = Count(events, "ad", adEvent => adEvent.Ad, board.Ads);
        Count(events, "campaign", adEvent => adEvent.Campaign, board.Campaigns);
        late.Global()
            .AddBolt("late", () => new LateCounter(count => board.Late = count), parallelism: 1)
            .AddSink("late-board", () => new ViewSink<long>(count => board.Late = count));
        return builder.Build();
    }

    /// <returns>The events that came too late.</returns>
    private static Stream<AdEvent> Count(Stream<AdEvent> events, string name, Func<AdEvent, string> keyOf, CountBoard board)
    {
        KeyedStream<AdEvent, string> byKey = events.GroupBy(keyOf);
        WindowedStream<AdEvent, string, AdCount> windows = byKey.AddTumblingWindow($"{name}-windows", new TumblingWindow<AdEvent, AdCount>
        {
            Size = WindowSize,
            TimeOf = adEvent => adEvent.At,
            Create = () => default,
            Add = (ref AdCount count, AdEvent adEvent) => count = count.With(adEvent.Kind),
            UpdateEvery = UpdateEvery,
        });
        windows.Results
            .Map($"{name}-window-counts", window => new WindowCount(window.Key, window.Start, window.Value, window.Kind != WindowResultKind.Update))
            .AddSink($"{name}-window-board", () => new ViewSink<WindowCount>(board.Set));
        byKey.AddBolt($"{name}-totals", () => new TotalCounter(board.Set))
            .AddSink($"{name}-total-board", () => new ViewSink<TotalCount>(board.Set));
        return windows.Late;
    }
}
