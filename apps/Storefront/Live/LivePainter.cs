using Storefront.Ads;
using Storefront.Catalogue;
using Storefront.Hosting;
using Storefront.Retail;

namespace Storefront.Live;

/// <summary>Puts together what the live page shows.</summary>
internal sealed class LivePainter(
    AdBoard board, CampaignBook campaigns, ProductCatalogue catalogue, Task<ShopServices> services, TimeProvider time)
{
    private const int BestSellersShown = 8;
    private const int RejectedShown = 5;

    private readonly RateMeter _rate = new(time);

    /// <summary>Grows with every change of what would be painted.</summary>
    public long Version => board.Version + campaigns.Version + (Running?.Retail.Version ?? -1);

    private ShopServices? Running => services.IsCompletedSuccessfully ? services.Result : null;

    public LivePicture Paint()
    {
        Counts byCampaign = board.Campaigns.Read();
        Counts byAd = board.Ads.Read();
        RetailAnalytics? retail = Running?.Retail;
        return new LivePicture(
            Running is not null,
            time.GetUtcNow().ToUnixTimeMilliseconds(),
            Traffic(byAd),
            [.. byCampaign.Windows.Select(window => new LiveWindow(window.Start.ToUnixTimeMilliseconds(), window.IsFinal))],
            [.. campaigns.Current.Campaigns.Select(campaign => Paint(campaign, byCampaign, byAd))],
            [.. (retail?.BestSellers ?? []).Take(BestSellersShown).Select(Paint)],
            [.. (retail?.Revenue ?? []).Select(window => new LiveRevenue(window.Start.ToUnixTimeMilliseconds(), window.Revenue, window.IsFinal))],
            Running?.Replay is InvoiceReplay replay ? Paint(replay) : null,
            campaigns.Problem);
    }

    private LiveTraffic Traffic(Counts byAd)
    {
        long events = byAd.Totals.Values.Sum(total => total.Impressions + total.Clicks);
        return new LiveTraffic(_rate.Read(events), Running?.Traffic.PerSecond ?? 0, events, board.Late, board.Unreadable);
    }

    private static LiveCampaign Paint(Campaign campaign, Counts byCampaign, Counts byAd)
    {
        DateTimeOffset[] windows = [.. byCampaign.Windows.Select(window => window.Start)];
        return new LiveCampaign(
            campaign.Id,
            campaign.Name,
            Paint(campaign.Id, windows, byCampaign),
            [.. campaign.Ads.Select(ad => new LiveAd(ad.Id, ad.Title, Paint(ad.Id, windows, byAd)))]);
    }

    private static LiveCounts Paint(string key, DateTimeOffset[] windows, Counts counts)
    {
        Dictionary<DateTimeOffset, WindowCounts> byStart = counts.Windows.ToDictionary(window => window.Start);
        return new LiveCounts(
            [.. windows.Select(start => Pair(byStart.TryGetValue(start, out WindowCounts? window) ? window.Of(key) : default))],
            Pair(counts.Totals.GetValueOrDefault(key)));
    }

    private LiveSeller Paint(BestSeller seller)
    {
        Product? product = catalogue.Find(seller.StockCode);
        return new LiveSeller(seller.StockCode, product?.Name ?? seller.StockCode, product?.Icon ?? "box", seller.Quantity, seller.Revenue);
    }

    private static LiveReplay Paint(InvoiceReplay replay) => new(
        replay.Rows,
        replay.Rejected.Count,
        replay.EventTime?.ToUnixTimeMilliseconds(),
        replay.IsDone,
        replay.Completion.Exception?.InnerException?.Message,
        [.. replay.Rejected.First.Take(RejectedShown).Select(row => new LiveRejectedRow(row.Line, row.Reason))]);

    private static long[] Pair(AdCount count) => [count.Impressions, count.Clicks];
}
