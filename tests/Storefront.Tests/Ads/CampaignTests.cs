using Microsoft.Extensions.Logging.Abstractions;
using Storefront.Ads;
using Storefront.Catalogue;

namespace Storefront.Tests.Ads;

public class CampaignTests
{
    private static readonly Ad Good = new("good", "Title", "Text", "mug-rain", "sky");

    [Fact]
    public void The_first_campaigns_lead_to_products_of_the_shop()
    {
        ProductCatalogue catalogue = ProductCatalogue.Shipped();
        AdCampaigns campaigns = AdCampaigns.DefaultFor(catalogue);
        Assert.NotEmpty(campaigns.Ads);
        Assert.All(campaigns.Ads, ad => Assert.NotNull(catalogue.Find(ad.Product)));
    }

    [Fact]
    public void Another_catalogue_gets_campaigns_of_its_own_best_sellers()
    {
        var catalogue = new ProductCatalogue(Enumerable.Range(1, 20).Select(n => new Product($"p{n}", $"Product {n}", "", 1, "", "box")));
        AdCampaigns campaigns = AdCampaigns.DefaultFor(catalogue);
        Assert.Equal(Enumerable.Range(1, 9).Select(n => $"p{n}"), campaigns.Ads.Select(ad => ad.Product));
    }

    [Fact]
    public void Each_mistake_is_named()
    {
        AssertRefused("list \"campaigns\"", null!);
        AssertRefused("\"id\"", new Campaign("Not An Id", "Name", []));
        AssertRefused("name of campaign c", new Campaign("c", "", []));
        AssertRefused("list \"ads\"", new Campaign("c", "Name", null!));
        AssertRefused("title of ad good", new Campaign("c", "Name", [Good with { Title = null! }]));
        AssertRefused("text of ad good", new Campaign("c", "Name", [Good with { Text = new string('x', 200) }]));
        AssertRefused("tone of ad good", new Campaign("c", "Name", [Good with { Tone = "url(evil)" }]));
        AssertRefused("two ads with the id good", new Campaign("c", "Name", [Good, Good]));
        AssertRefused("two campaigns with the id c", new Campaign("c", "Name", []), new Campaign("c", "Name", []));
        AssertRefused("at most 200", new Campaign("c", "Name", [.. Enumerable.Range(0, 201).Select(n => Good with { Id = $"ad-{n}" })]));
    }

    [Fact]
    public void A_configuration_that_cannot_be_used_changes_nothing_but_is_reported()
    {
        var book = new CampaignBook(NullLogger<CampaignBook>.Instance);
        book.Use(new CampaignList([new Campaign("c", "Name", [Good])]), fault: null);
        AdCampaigns before = book.Current;
        book.Use(new CampaignList([new Campaign("c", "", [Good])]), fault: null);
        Assert.Same(before, book.Current);
        Assert.Contains("name of campaign c", book.Problem, StringComparison.Ordinal);
        book.Use(list: null, fault: null);
        Assert.Empty(book.Current.Ads);
        Assert.Null(book.Problem);
    }

    [Fact]
    public void A_page_gets_different_ads_and_no_more_than_there_are()
    {
        AdCampaigns campaigns = AdCampaigns.DefaultFor(ProductCatalogue.Shipped());
        Assert.Equal(3, campaigns.Pick(3, new Random(1)).Distinct().Count());
        Assert.Equal(campaigns.Ads.Count, campaigns.Pick(100, new Random(1)).Distinct().Count());
    }

    private static void AssertRefused(string because, params Campaign[] campaigns)
    {
        IReadOnlyList<Campaign>? list = campaigns is [null] or null ? null : campaigns;
        Assert.Contains(because, Assert.Throws<FormatException>(() => new AdCampaigns(list)).Message, StringComparison.Ordinal);
    }
}
