using Freshet.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Storefront.Ads;
using Storefront.Catalogue;
using Storefront.Hosting;
using Storefront.Orders;

namespace Storefront.Tests.Hosting;

public class StorefrontAppTests
{
    [Fact]
    public async Task A_shop_that_keeps_its_data_knows_after_a_restart_what_it_counted()
    {
        using var folder = new TemporaryFolder();
        var options = new StorefrontOptions { EventsPerSecond = 0, DataDirectory = folder.Path };
        Product mug = ProductCatalogue.Shipped().Find("mug-rain")!;
        await using (StorefrontApp shop = await StorefrontApp.StartAsync(options, NullLoggerFactory.Instance, TestContext.Current.CancellationToken))
        {
            ShopServices services = await shop.Services.WaitAsync(Until.Patience);
            for (int click = 0; click < 7; click++)
            {
                await services.AdEvents.SendAsync(new AdEvent(AdEventKind.Click, "ad", "campaign", 1, "v", DateTimeOffset.UnixEpoch), CancellationToken.None);
            }

            await services.Orders.PlaceAsync([new BasketLine(mug, 3)], CancellationToken.None);
            await Until.TrueAsync(() => HasCounted(shop) && services.Retail.BestSellers is [{ StockCode: "mug-rain", Quantity: 3 }]);
        }

        await using StorefrontApp again = await StorefrontApp.StartAsync(options, NullLoggerFactory.Instance, TestContext.Current.CancellationToken);
        ShopServices restarted = await again.Services.WaitAsync(Until.Patience);
        await Until.TrueAsync(() => HasCounted(again) && restarted.Retail.BestSellers is [{ StockCode: "mug-rain", Quantity: 3 }]);
    }

    [Fact]
    public async Task A_replayed_log_brings_its_products_and_its_wrong_rows_are_counted()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "log.csv");
        await File.WriteAllTextAsync(
            file,
            """
            InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
            1,A,LANTERN OF ZINC,6,2010-12-01 08:26:00,2.55,17850,United Kingdom
            1,B,TEA CUP,two,2010-12-01 08:26:00,3.39,17850,United Kingdom
            1,C,TEA CUP,2,2010-12-01 08:26:00,3.39,17850,United Kingdom

            """,
            TestContext.Current.CancellationToken);
        var options = new StorefrontOptions { EventsPerSecond = 0, ReplayFile = file };
        await using StorefrontApp shop = await StorefrontApp.StartAsync(options, NullLoggerFactory.Instance, TestContext.Current.CancellationToken);
        ShopServices services = await shop.Services.WaitAsync(Until.Patience);
        await services.Replay!.Completion.WaitAsync(Until.Patience);
        Assert.Equal(1, services.Replay.Rejected.Count);
        Assert.Equal(["A", "C"], shop.Campaigns.Current.Ads.Select(ad => ad.Product));
        await Until.TrueAsync(() => services.Retail.BoughtWith("A", 4) is [{ StockCode: "C", Invoices: 1 }]);
    }

    private static bool HasCounted(StorefrontApp shop) => shop.Board.Ads.Read().Totals.GetValueOrDefault("ad").Clicks == 7;
}
