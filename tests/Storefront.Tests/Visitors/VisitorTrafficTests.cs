using Storefront.Ads;
using Storefront.Catalogue;
using Storefront.Visitors;

namespace Storefront.Tests.Visitors;

public class VisitorTrafficTests
{
    private static readonly ProductCatalogue Catalogue = ProductCatalogue.Shipped();
    private static readonly AdCampaigns Campaigns = AdCampaigns.DefaultFor(Catalogue);
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_same_seed_gives_the_same_visitors()
    {
        Assert.Equal(Describe(seed: 5), Describe(seed: 5));
        Assert.NotEqual(Describe(seed: 5), Describe(seed: 6));
    }

    [Fact]
    public void Some_ads_and_products_are_far_more_popular_than_others()
    {
        VisitorAction[] actions = Play(seed: 1, 100_000);
        int[] sold = [.. actions.OfType<Buy>().SelectMany(buy => buy.Basket).CountBy(line => line.Product.Code).Select(entry => entry.Value).OrderDescending()];
        Assert.True(sold[0] > 3 * sold[sold.Length / 2], $"{sold[0]} against {sold[sold.Length / 2]}");
        int[] clicks = [.. Events(actions, AdEventKind.Click).CountBy(click => click.Ad).Select(entry => entry.Value).OrderDescending()];
        Assert.True(clicks[0] > 2 * clicks[^1], $"{clicks[0]} against {clicks[^1]}");
    }

    [Fact]
    public void The_first_place_on_a_page_is_clicked_more_than_the_last()
    {
        Dictionary<int, int> clicks = Events(Play(seed: 1, 100_000), AdEventKind.Click).CountBy(click => click.Position).ToDictionary();
        Assert.True(clicks[1] > clicks[2] && clicks[2] > clicks[3]);
    }

    [Fact]
    public void Most_events_are_on_time_some_are_out_of_order_and_a_few_too_late()
    {
        TimeSpan[] delays = [.. Play(seed: 1, 100_000).OfType<MeetAd>().Select(met => Start - met.Event.At)];
        Assert.InRange(delays.Count(delay => delay == TimeSpan.Zero), delays.Length * 8 / 10, delays.Length - 1);
        Assert.Contains(delays, delay => delay > TimeSpan.Zero && delay < TimeSpan.FromSeconds(2));
        Assert.InRange(delays.Count(delay => delay > TimeSpan.FromSeconds(12)), 1, delays.Length / 100);
    }

    [Fact]
    public void A_shop_without_ads_still_has_buyers() =>
        Assert.IsType<Buy>(new VisitorTraffic(Catalogue, seed: 1).Next(AdCampaigns.Empty, Start));

    private static VisitorAction[] Play(int seed, int actions)
    {
        var traffic = new VisitorTraffic(Catalogue, seed);
        return [.. Enumerable.Range(0, actions).Select(_ => traffic.Next(Campaigns, Start))];
    }

    private static IEnumerable<AdEvent> Events(VisitorAction[] actions, AdEventKind kind) =>
        actions.OfType<MeetAd>().Select(met => met.Event).Where(adEvent => adEvent.Kind == kind);

    private static IEnumerable<string> Describe(int seed) => Play(seed, 2_000).Select(action => action switch
    {
        MeetAd met => met.Event.ToString(),
        Buy buy => string.Join(' ', buy.Basket),
        _ => "",
    });
}
