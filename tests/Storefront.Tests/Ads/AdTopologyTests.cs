using Freshet.Streams;
using Freshet.Streams.Testing;
using Freshet.Tests.Support;
using Storefront.Ads;
using Storefront.Catalogue;
using Storefront.Live;
using Storefront.Visitors;

namespace Storefront.Tests.Ads;

public class AdTopologyTests
{
    private const int PerSecond = 1_000;
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>An event that comes later than this finds its window closed; see the generator's delays and the topology's bound.</summary>
    private static readonly TimeSpan SurelyInTime = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public async Task Counts_equal_a_plain_computation_over_the_generated_events(int seed)
    {
        List<Sent> sent = Generate(seed, seconds: 100);
        var board = new AdBoard();
        await using var cluster = new LocalCluster();
        await cluster.Submit(TopologyOver(sent, board)).Completion.WaitAsync(Until.Patience);
        AssertEqual(sent, board);
    }

    [Fact]
    public async Task Counts_are_right_after_crashes_and_restarts_from_checkpoints()
    {
        List<Sent> sent = Generate(seed: 3, seconds: 100);
        using var folder = new TemporaryFolder();
        var options = new RunOptions { CheckpointDirectory = folder.Path, CheckpointInterval = TimeSpan.FromMilliseconds(20) };

        // One board over all runs, as a page that stays open sees it; each crash loses what came after the last checkpoint.
        var board = new AdBoard();
        for (int crash = 0; crash < 3; crash++)
        {
            await using var cluster = new LocalCluster();
            TopologyRun run = cluster.Submit(TopologyOver(sent, board), options);
            long before = run.LastCheckpoint;
            await Until.TrueAsync(() => run.LastCheckpoint >= before + 2 || run.Completion.IsCompleted);
        }

        await using var last = new LocalCluster();
        await last.Submit(TopologyOver(sent, board), options).Completion.WaitAsync(Until.Patience);
        AssertEqual(sent, board);
    }

    private static Topology TopologyOver(List<Sent> sent, AdBoard board) =>
        AdTopology.Build(() => new ListSpout<AdEvent>(sent.ConvertAll(each => each.Event)), parallelism: 1, board);

    /// <summary>What the generator would send in so many seconds, and when.</summary>
    private static List<Sent> Generate(int seed, int seconds)
    {
        ProductCatalogue catalogue = ProductCatalogue.Shipped();
        AdCampaigns campaigns = AdCampaigns.DefaultFor(catalogue);
        var traffic = new VisitorTraffic(catalogue, seed);
        var sent = new List<Sent>();
        for (int action = 0; action < seconds * PerSecond; action++)
        {
            DateTimeOffset now = Start.AddSeconds((double)action / PerSecond);
            // Before the first watermark nothing is late, and when it comes is up to the engine; so nothing tries until then.
            if (traffic.Next(campaigns, now) is MeetAd met && (now - met.Event.At <= SurelyInTime || now - Start > WarmUp))
            {
                sent.Add(new Sent(met.Event, now));
            }
        }

        return sent;
    }

    private static void AssertEqual(List<Sent> sent, AdBoard board)
    {
        List<Sent> late = sent.FindAll(each => each.At - each.Event.At > SurelyInTime);
        Assert.NotEmpty(late);
        Assert.Equal(late.Count, board.Late);

        AdEvent[] counted = [.. sent.Where(each => each.At - each.Event.At <= SurelyInTime).Select(each => each.Event)];
        AssertEqual(counted, sent, adEvent => adEvent.Ad, board.Ads.Read());
        AssertEqual(counted, sent, adEvent => adEvent.Campaign, board.Campaigns.Read());
    }

    private static void AssertEqual(AdEvent[] inTime, List<Sent> all, Func<AdEvent, string> keyOf, Counts counts)
    {
        var expected = inTime.GroupBy(adEvent => (Key: keyOf(adEvent), Window: WindowOf(adEvent.At)))
            .ToDictionary(group => group.Key, group => CountOf(group));
        var actual = counts.Windows.SelectMany(window => window.ByKey.Values)
            .ToDictionary(count => (count.Key, count.Start), count => count.Count);
        Assert.Equal(expected.OrderBy(entry => entry.Key), actual.OrderBy(entry => entry.Key));
        Assert.All(counts.Windows, window => Assert.True(window.IsFinal));

        // Totals count the late ones too.
        Assert.Equal(
            all.GroupBy(each => keyOf(each.Event)).Select(group => KeyValuePair.Create(group.Key, CountOf(group.Select(each => each.Event)))).OrderBy(entry => entry.Key),
            counts.Totals.OrderBy(entry => entry.Key));
    }

    private static DateTimeOffset WindowOf(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % AdTopology.WindowSize.Ticks), TimeSpan.Zero);

    private static AdCount CountOf(IEnumerable<AdEvent> events) => new(
        events.Count(adEvent => adEvent.Kind == AdEventKind.Impression), events.Count(adEvent => adEvent.Kind == AdEventKind.Click));

    private readonly record struct Sent(AdEvent Event, DateTimeOffset At);
}
