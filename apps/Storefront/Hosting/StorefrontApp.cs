using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Storefront.Ads;
using Storefront.Catalogue;
using Storefront.Invoices;
using Storefront.Live;
using Storefront.Web;

namespace Storefront.Hosting;

/// <summary>
/// The whole shop in this process. The pages answer first, so that a browser has something to show; the services start behind them.
/// </summary>
internal sealed class StorefrontApp : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<ShopServices> _services = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly WebApplication _site;
    private readonly LivePublisher _publisher;

    private StorefrontApp(StorefrontOptions options, ILoggerFactory loggers, ProductCatalogue catalogue, TimeProvider time)
    {
        Campaigns = new CampaignBook(loggers.CreateLogger<CampaignBook>());
        var hub = new LiveHub();
        _site = ShopSite.Build(options, loggers, catalogue, Campaigns, hub, _services.Task, time);
        _publisher = new LivePublisher(new LivePainter(Board, Campaigns, catalogue, _services.Task, time), hub, time, loggers.CreateLogger<LivePublisher>());
    }

    public CampaignBook Campaigns { get; }

    public AdBoard Board { get; } = new();

    /// <summary>Where the pages are.</summary>
    public Uri Address => new(_site.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>Completes when everything behind the pages runs; fails when something could not start.</summary>
    public Task<ShopServices> Services => _services.Task;

    /// <summary>Starts the shop and returns as soon as the pages answer.</summary>
    /// <exception cref="IOException">The port is taken, or the replay file cannot be read.</exception>
    public static async Task<StorefrontApp> StartAsync(StorefrontOptions options, ILoggerFactory loggers, CancellationToken cancellation)
    {
        ProductCatalogue catalogue = options.ReplayFile is null
            ? ProductCatalogue.Shipped()
            : ProductCatalogue.Of(await InvoiceCatalogue.ReadAsync(options.ReplayFile, cancellation));
        var app = new StorefrontApp(options, loggers, catalogue, TimeProvider.System);
        try
        {
            await app._site.StartAsync(cancellation);
            _ = app.StartServicesAsync(options, loggers, catalogue);
            return app;
        }
        catch
        {
            app._services.TrySetCanceled(CancellationToken.None);
            await app.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _site.StopAsync();
        await _publisher.DisposeAsync();
        await ((Task)Services).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (Services.IsCompletedSuccessfully)
        {
            await Services.Result.DisposeAsync();
        }

        await _site.DisposeAsync();
        _stop.Dispose();
    }

    private async Task StartServicesAsync(StorefrontOptions options, ILoggerFactory loggers, ProductCatalogue catalogue)
    {
        try
        {
            _services.SetResult(await ShopServices.StartAsync(options, Board, Campaigns, catalogue, loggers, TimeProvider.System, _stop.Token));
        }
        catch (Exception failure)
        {
            _services.SetException(failure);
        }
    }
}
