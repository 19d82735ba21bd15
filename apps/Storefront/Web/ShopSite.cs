using System.Net;
using Microsoft.AspNetCore.HostFiltering;
using Storefront.Ads;
using Storefront.Catalogue;
using Storefront.Hosting;
using Storefront.Live;

namespace Storefront.Web;

/// <summary>The shop's web server: the files under wwwroot and the endpoints they call.</summary>
internal static class ShopSite
{
    /// <summary>The largest body is a full basket; anything bigger is no request of ours.</summary>
    private const int MaxBodyBytes = 16 * 1024;

    /// <param name="services">Completes when the shop is ready; requests that need it wait.</param>
    public static WebApplication Build(
        StorefrontOptions options, ILoggerFactory loggers, ProductCatalogue catalogue, CampaignBook campaigns, LiveHub hub,
        Task<ShopServices> services, TimeProvider time)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ContentRootPath = AppContext.BaseDirectory,
            WebRootPath = Path.Combine(AppContext.BaseDirectory, "wwwroot"),
        });
        builder.Services.AddSingleton(loggers);
        builder.Services.AddRoutingCore();
        // Another site whose name resolves to this machine must not reach the shop through a visitor's browser.
        builder.Services.Configure<HostFilteringOptions>(hosts => hosts.AllowedHosts = ["127.0.0.1", "localhost"]);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
            kestrel.Listen(IPAddress.Loopback, options.Port);
        });

        WebApplication site = builder.Build();
        site.UseHostFiltering();
        site.UseSecurityHeaders();
        site.UseDefaultFiles();
        site.UseStaticFiles();
        site.MapProducts(catalogue, Part(services, shop => shop.Retail));
        site.MapOrders(catalogue, Part(services, shop => shop.Orders));
        site.MapAds(catalogue, campaigns, Part(services, shop => shop.AdEvents), time);
        site.MapLive(hub, Part(services, shop => shop.Traffic), site.Lifetime.ApplicationStopping);
        return site;
    }

    private static async Task<T> Part<T>(Task<ShopServices> services, Func<ShopServices, T> part) => part(await services);
}
