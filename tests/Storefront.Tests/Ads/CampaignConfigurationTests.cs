using Freshet.Coordination.Client;
using Freshet.Node;
using Microsoft.Extensions.Logging.Abstractions;
using Storefront.Ads;
using Storefront.Catalogue;

namespace Storefront.Tests.Ads;

public class CampaignConfigurationTests
{
    [Fact]
    public async Task Whoever_changes_the_znode_changes_the_campaigns()
    {
        await using FreshetNode node = await FreshetNode.StartAsync(new FreshetNodeOptions { Ephemeral = true, Broker = false });
        var book = new CampaignBook(NullLogger<CampaignBook>.Instance);
        AdCampaigns initial = AdCampaigns.DefaultFor(ProductCatalogue.Shipped());
        await using var configuration = new CampaignConfiguration(node.CoordinationConnectString!, book, initial, NullLoggerFactory.Instance);
        await configuration.FirstRead.WaitAsync(Until.Patience);
        Assert.Equal(initial.Ads, book.Current.Ads);

        await using CoordinationClient other = await CoordinationClient.ConnectAsync(new CoordinationClientOptions { ConnectString = node.CoordinationConnectString! });
        await other.SetDataAsync(CampaignConfiguration.Path, """{"campaigns":[{"id":"c","name":"New","ads":[]}]}"""u8.ToArray());
        await Until.TrueAsync(() => book.Current.Campaigns is [{ Name: "New" }]);

        await other.SetDataAsync(CampaignConfiguration.Path, "{ not json"u8.ToArray());
        await Until.TrueAsync(() => book.Problem is not null);
        Assert.Equal("New", Assert.Single(book.Current.Campaigns).Name);
    }

    [Fact]
    public async Task Campaigns_that_are_there_already_stay()
    {
        await using FreshetNode node = await FreshetNode.StartAsync(new FreshetNodeOptions { Ephemeral = true, Broker = false });
        await using CoordinationClient other = await CoordinationClient.ConnectAsync(new CoordinationClientOptions { ConnectString = node.CoordinationConnectString! });
        await other.CreateAsync("/storefront");
        await other.CreateAsync(CampaignConfiguration.Path, """{"campaigns":[{"id":"mine","name":"Mine","ads":[]}]}"""u8.ToArray());

        var book = new CampaignBook(NullLogger<CampaignBook>.Instance);
        await using var configuration = new CampaignConfiguration(
            node.CoordinationConnectString!, book, AdCampaigns.DefaultFor(ProductCatalogue.Shipped()), NullLoggerFactory.Instance);
        await configuration.FirstRead.WaitAsync(Until.Patience);
        Assert.Equal("Mine", Assert.Single(book.Current.Campaigns).Name);
    }
}
