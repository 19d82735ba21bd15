using System.Net;
using System.Net.Http.Json;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging.Abstractions;
using Storefront.Ads;
using Storefront.Catalogue;
using Storefront.Hosting;
using Storefront.Live;
using Storefront.Web;

namespace Storefront.Tests.Web;

/// <summary>What the web server answers before anything behind it has started.</summary>
public sealed class ShopSiteTests : IAsyncLifetime
{
    private readonly CampaignBook _campaigns = new(NullLogger<CampaignBook>.Instance);
    private readonly LiveHub _hub = new();
    private readonly WebApplication _site;
    private readonly HttpClient _browser = new();

    public ShopSiteTests() => _site = ShopSite.Build(
        new StorefrontOptions(), NullLoggerFactory.Instance, ProductCatalogue.Shipped(), _campaigns, _hub,
        new TaskCompletionSource<ShopServices>().Task, TimeProvider.System);

    public async ValueTask InitializeAsync()
    {
        _campaigns.Use(new CampaignList(AdCampaigns.DefaultFor(ProductCatalogue.Shipped()).Campaigns), fault: null);
        await _site.StartAsync();
        _browser.BaseAddress = new Uri(_site.Urls.First());
    }

    public async ValueTask DisposeAsync()
    {
        _browser.Dispose();
        await _site.DisposeAsync();
    }

    [Theory]
    [InlineData("/", "text/html")]
    [InlineData("/live.html", "text/html")]
    [InlineData("/css/base.css", "text/css")]
    [InlineData("/js/live/live.js", "text/javascript")]
    [InlineData("/icons.svg", "image/svg+xml")]
    public async Task Pages_come_with_a_policy_that_allows_only_their_own_files(string path, string type)
    {
        using HttpResponseMessage answer = await _browser.GetAsync(new Uri(path, UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(type, answer.Content.Headers.ContentType?.MediaType);
        string policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
    }

    [Fact]
    public async Task A_foreign_host_name_is_refused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Host = "evil.example";
        using HttpResponseMessage answer = await _browser.SendAsync(request);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Theory]
    [InlineData("/api/ad-events", """{"ad":"no-such-ad","position":1,"clicked":true}""", HttpStatusCode.NotFound)]
    [InlineData("/api/ad-events", """{"ad":"cosy-lamp","position":0,"clicked":true}""", HttpStatusCode.BadRequest)]
    [InlineData("/api/ad-events", """{"position":1}""", HttpStatusCode.NotFound)]
    [InlineData("/api/ad-events", "not json", HttpStatusCode.BadRequest)]
    [InlineData("/api/orders", "{}", HttpStatusCode.BadRequest)]
    [InlineData("/api/orders", """{"lines":[null]}""", HttpStatusCode.BadRequest)]
    [InlineData("/api/orders", """{"lines":[{"product":"mug-rain","quantity":-1}]}""", HttpStatusCode.BadRequest)]
    [InlineData("/api/orders", """{"lines":[{"product":"<script>","quantity":1}]}""", HttpStatusCode.NotFound)]
    public async Task Wrong_input_is_refused(string path, string body, HttpStatusCode expected)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await _browser.PostAsync(new Uri(path, UriKind.Relative), content);
        Assert.Equal(expected, answer.StatusCode);
    }

    [Fact]
    public async Task A_form_of_another_site_cannot_order()
    {
        using var content = new StringContent("""{"lines":[{"product":"mug-rain","quantity":1}]}""", Encoding.UTF8, "text/plain");
        using HttpResponseMessage answer = await _browser.PostAsync(new Uri("/api/orders", UriKind.Relative), content);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
    }

    [Fact]
    public async Task A_body_without_end_is_refused()
    {
        using var content = new StringContent(new string(' ', 100_000), Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await _browser.PostAsync(new Uri("/api/orders", UriKind.Relative), content);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    [Fact]
    public async Task Search_finds_products_by_words_of_their_names()
    {
        ProductPage? page = await _browser.GetFromJsonAsync<ProductPage>("/api/products?search=Mug%20rain");
        Assert.Equal("mug-rain", Assert.Single(page!.Products).Code);
    }

    [Fact]
    public async Task A_watching_browser_gets_each_picture_as_an_event()
    {
        _hub.Publish("{\"n\":1}");
        using var deadline = new CancellationTokenSource(Until.Patience);
        await using Stream events = await _browser.GetStreamAsync(new Uri("/api/live", UriKind.Relative), deadline.Token);
        using var reader = new StreamReader(events);
        Assert.Equal("data: {\"n\":1}", await reader.ReadLineAsync(deadline.Token));
        Assert.Equal("", await reader.ReadLineAsync(deadline.Token));
        _hub.Publish("{\"n\":2}");
        Assert.Equal("data: {\"n\":2}", await reader.ReadLineAsync(deadline.Token));
    }

    private sealed record ProductPage(IReadOnlyList<Product> Products, int Found);
}
