using System.Text.Json;
using Storefront.Catalogue;

namespace Storefront.Ads;

/// <summary>All campaigns of the shop, checked and ready to look things up in. Immutable.</summary>
internal sealed class AdCampaigns
{
    private readonly Dictionary<string, Campaign> _campaignByAd = [];
    private readonly Dictionary<string, Ad> _adById = [];

    /// <exception cref="FormatException">The campaigns cannot be used; the message says why.</exception>
    public AdCampaigns(IReadOnlyList<Campaign>? campaigns)
    {
        CampaignRules.Check(campaigns);
        Campaigns = campaigns!;
        Ads = [.. Campaigns.SelectMany(campaign => campaign.Ads)];
        foreach (Campaign campaign in Campaigns)
        {
            foreach (Ad ad in campaign.Ads)
            {
                _campaignByAd.Add(ad.Id, campaign);
                _adById.Add(ad.Id, ad);
            }
        }
    }

    public static AdCampaigns Empty { get; } = new([]);

    public IReadOnlyList<Campaign> Campaigns { get; }

    /// <summary>Every ad, in the order of the configuration.</summary>
    public IReadOnlyList<Ad> Ads { get; }

    public Ad? FindAd(string ad) => _adById.GetValueOrDefault(ad);

    public Campaign? CampaignOf(string ad) => _campaignByAd.GetValueOrDefault(ad);

    /// <summary>Up to <paramref name="count"/> different ads in random order, for the places of one page.</summary>
    public Ad[] Pick(int count, Random random)
    {
        Ad[] ads = [.. Ads];
        random.Shuffle(ads);
        return ads[..Math.Min(count, ads.Length)];
    }

    /// <summary>The campaigns to start with when nobody configured any: hand-written ones, or the best sellers of another catalogue.</summary>
    public static AdCampaigns DefaultFor(ProductCatalogue catalogue)
    {
        using Stream json = typeof(AdCampaigns).Assembly.GetManifestResourceStream("campaigns.json")!;
        var shipped = new AdCampaigns(JsonSerializer.Deserialize<CampaignList>(json, JsonSerializerOptions.Web)!.Campaigns);
        return shipped.Ads.All(ad => catalogue.Find(ad.Product) is not null)
            ? shipped
            : new AdCampaigns([.. catalogue.Products.Take(9).Chunk(3).Select(OfBestSellers)]);
    }

    private static Campaign OfBestSellers(Product[] products, int index) => new(
        $"best-sellers-{index + 1}",
        $"Best sellers {index + 1}",
        [.. products.Select((product, place) => new Ad(
            $"best-seller-{(index * 3) + place + 1}", product.Name, "Loved by our customers.", product.Code, Ad.Tones[((index * 3) + place) % Ad.Tones.Count]))]);
}
