using Microsoft.Extensions.Time.Testing;
using Storefront.Ads;
using Storefront.Catalogue;
using Storefront.Visitors;

namespace Storefront.Tests.Visitors;

public class TrafficGeneratorTests
{
    [Fact]
    public async Task It_sends_at_the_chosen_rate_and_follows_a_change()
    {
        ProductCatalogue catalogue = ProductCatalogue.Shipped();
        AdCampaigns campaigns = AdCampaigns.DefaultFor(catalogue);
        var time = new FakeTimeProvider();
        int sent = 0;
        await using var generator = new TrafficGenerator(
            new VisitorTraffic(catalogue, seed: 1), perSecond: 100, () => campaigns,
            (_, _) =>
            {
                Interlocked.Increment(ref sent);
                return ValueTask.CompletedTask;
            },
            time);
        await PassAsync(seconds: 2, until: 200);
        generator.PerSecond = 1_000;
        await PassAsync(seconds: 1, until: 1_200);
        generator.PerSecond = 0;
        await PassAsync(seconds: 1, until: 1_200);

        // Steps as long as the generator's own: a timer that is not waited for swallows ticks.
        async Task PassAsync(int seconds, int until)
        {
            int step = (until - sent) / (20 * seconds);
            for (int tick = 0; tick < 20 * seconds; tick++)
            {
                int expected = sent + step - 1;
                time.Advance(TimeSpan.FromMilliseconds(50));
                await Until.TrueAsync(() => Volatile.Read(ref sent) >= expected);
            }

            Assert.InRange(sent, until - 5, until + 5);
        }
    }
}
