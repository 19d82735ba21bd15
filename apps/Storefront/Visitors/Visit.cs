using Storefront.Ads;
using Storefront.Catalogue;
using Storefront.Orders;

namespace Storefront.Visitors;

/// <summary>
/// One simulated visitor from the first page to the last: pages with ads, clicks, products, and perhaps a basket bought.
/// Times are left to <see cref="VisitorTraffic"/>.
/// </summary>
internal sealed class Visit(string visitor, ProductCatalogue catalogue, ZipfDistribution popularity, Func<AdCampaigns> campaigns, Random random)
{
    private const int AdsOnPage = 3;
    private const double NextPage = 0.6;
    private const double PutInBasket = 0.25;
    private const double AlsoTakeCompanion = 0.5;
    private const double BuyBasket = 0.6;
    private const int MaxLines = 8;

    private readonly Dictionary<Product, int> _basket = [];

    public IEnumerable<VisitorAction> Actions()
    {
        do
        {
            foreach (AdEvent seen in Page())
            {
                yield return new MeetAd(seen);
                if (random.NextDouble() < ClickChance(seen))
                {
                    yield return new MeetAd(seen with { Kind = AdEventKind.Click });
                    Consider(catalogue.Find(campaigns().FindAd(seen.Ad)?.Product ?? ""));
                }
            }

            Consider(catalogue.Products[popularity.Next(random)]);
        }
        while (random.NextDouble() < NextPage);

        if (_basket.Count > 0 && random.NextDouble() < BuyBasket)
        {
            yield return new Buy([.. _basket.Select(line => new BasketLine(line.Key, line.Value))]);
        }
    }

    private List<AdEvent> Page()
    {
        AdCampaigns shown = campaigns();
        return [.. shown.Pick(AdsOnPage, random)
            .Select((ad, place) => new AdEvent(AdEventKind.Impression, ad.Id, shown.CampaignOf(ad.Id)!.Id, place + 1, visitor, default))];
    }

    /// <summary>The first ads of the configuration appeal the most, and the first place on a page is looked at the most.</summary>
    private double ClickChance(AdEvent seen)
    {
        AdCampaigns shown = campaigns();
        int rank = 0;
        while (rank < shown.Ads.Count && shown.Ads[rank].Id != seen.Ad)
        {
            rank++;
        }

        return 0.12 / Math.Sqrt(rank + 1) / seen.Position;
    }

    private void Consider(Product? product)
    {
        if (product is null || random.NextDouble() >= PutInBasket)
        {
            return;
        }

        Take(product);
        if (random.NextDouble() < AlsoTakeCompanion)
        {
            Take(CompanionOf(product));
        }
    }

    private void Take(Product product)
    {
        if (_basket.Count < MaxLines)
        {
            _basket[product] = _basket.GetValueOrDefault(product) + (random.NextDouble() < 0.8 ? 1 : 2);
        }
    }

    /// <summary>People buy along from the same shelf: the next most popular products of the category.</summary>
    private Product CompanionOf(Product product)
    {
        Product[] shelf = [.. catalogue.Products.Where(other => other.Category == product.Category && other != product).Take(4)];
        return shelf.Length == 0 ? product : shelf[random.Next(shelf.Length)];
    }
}
