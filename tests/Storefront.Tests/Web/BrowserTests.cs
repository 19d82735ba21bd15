using Freshet.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using PuppeteerSharp;
using Storefront.Hosting;

namespace Storefront.Tests.Web;

/// <summary>A visitor's clicks through the whole shop: browser, HTTP, broker, topology, live page.</summary>
public class BrowserTests
{
    private static readonly StorefrontOptions QuietShop = new() { EventsPerSecond = 0 };

    [Fact]
    public async Task A_click_on_an_ad_raises_its_count_on_the_live_page()
    {
        SkipWithoutChromium();
        await using StorefrontApp shop = await StorefrontApp.StartAsync(QuietShop, NullLoggerFactory.Instance, TestContext.Current.CancellationToken);
        await shop.Services.WaitAsync(Until.Patience);
        await using Browser browser = await Browser.StartAsync();
        IPage live = await browser.OpenAsync(new Uri(shop.Address, "live.html"));
        IPage page = await browser.OpenAsync(shop.Address);

        IElementHandle ad = await page.WaitForSelectorAsync(".ad");
        string id = await ad.EvaluateFunctionAsync<string>("ad => ad.dataset.ad");
        await ad.ClickAsync();
        await page.WaitForSelectorAsync("#product[open]");

        // A page behind another one is not drawn, so nothing is found on it and it cannot be clicked.
        await live.BringToFrontAsync();
        await WaitForNumberAsync(live, $"[data-ad='{id}'] [data-ever='seen']", 1);
        await WaitForNumberAsync(live, $"[data-ad='{id}'] [data-ever='clicks']", 1);
        await live.WaitForFunctionAsync("() => [...document.querySelectorAll('#chart title')].some(window => window.textContent.includes(', 1 clicks,'))");
        await KeepPicturesAsync(("shop-ad", page), ("live-ad", live));
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public async Task A_purchase_changes_the_best_sellers()
    {
        SkipWithoutChromium();
        await using StorefrontApp shop = await StorefrontApp.StartAsync(QuietShop, NullLoggerFactory.Instance, TestContext.Current.CancellationToken);
        await shop.Services.WaitAsync(Until.Patience);
        await using Browser browser = await Browser.StartAsync();
        IPage live = await browser.OpenAsync(new Uri(shop.Address, "live.html"));
        IPage page = await browser.OpenAsync(shop.Address);

        foreach (string product in (string[])["mug-rain", "teapot-harbour"])
        {
            await (await page.WaitForSelectorAsync($"[data-product='{product}'] .add")).ClickAsync();
        }

        await page.ClickAsync("#open-basket");
        await page.ClickAsync("#buy");
        await page.WaitForFunctionAsync("() => document.querySelector('#toast').textContent.includes('Thank you')");

        await live.BringToFrontAsync();
        await live.WaitForSelectorAsync("#sellers [data-code='mug-rain']");
        await live.ClickAsync("#sellers [data-code='mug-rain']");
        await live.WaitForFunctionAsync("() => document.querySelector('#together').textContent.includes('Harbour teapot')");
        await KeepPicturesAsync(("shop-bought", page), ("live-bought", live));
        Assert.Empty(browser.Complaints);
    }

    private static void SkipWithoutChromium()
    {
        if (Peers.Chromium is null)
        {
            Assert.Skip("chromium is missing: this test would check the shop's pages in a browser.");
        }
    }

    private static async Task WaitForNumberAsync(IPage page, string selector, int number) => await page.WaitForFunctionAsync(
        "(selector, number) => document.querySelector(selector)?.textContent === number", args: [selector, $"{number}"]);

    /// <summary>Pictures of the pages for people to look at, when STOREFRONT_PICTURES names a folder for them.</summary>
    private static async Task KeepPicturesAsync(params (string Name, IPage Page)[] pages)
    {
        if (Environment.GetEnvironmentVariable("STOREFRONT_PICTURES") is { Length: > 0 } folder)
        {
            foreach ((string name, IPage page) in pages)
            {
                await page.BringToFrontAsync();
                await page.ScreenshotAsync(Path.Combine(folder, $"{name}.png"), new ScreenshotOptions { FullPage = true });
            }
        }
    }
}
