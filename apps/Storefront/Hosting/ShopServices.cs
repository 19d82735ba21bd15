using Confluent.Kafka;
using Freshet.Node;
using Storefront.Ads;
using Storefront.Catalogue;
using Storefront.Live;
using Storefront.Orders;
using Storefront.Retail;
using Storefront.Visitors;

namespace Storefront.Hosting;

/// <summary>
/// Everything behind the pages: the node with its two servers, the campaigns, the topologies and the simulated visitors.
/// </summary>
internal sealed class ShopServices : IAsyncDisposable
{
    private readonly OwnedParts _parts;

    private ShopServices(OwnedParts parts) => _parts = parts;

    public required FreshetNode Node { get; init; }

    public required AdEventProducer AdEvents { get; init; }

    public required RetailAnalytics Retail { get; init; }

    public required InvoiceReplay? Replay { get; init; }

    public required OrderDesk Orders { get; init; }

    public required TrafficGenerator Traffic { get; init; }

    /// <summary>Starts everything, each part as soon as what it needs is there.</summary>
    public static async Task<ShopServices> StartAsync(
        StorefrontOptions options, AdBoard board, CampaignBook campaigns, ProductCatalogue catalogue, ILoggerFactory loggers, TimeProvider time,
        CancellationToken cancellation)
    {
        ILogger log = loggers.CreateLogger<ShopServices>();
        var parts = new OwnedParts();
        try
        {
            FreshetNode node = parts.Add(await FreshetNode.StartAsync(NodeOptions(options), loggers, time, cancellation));
            var configuration = parts.Add(new CampaignConfiguration(
                node.CoordinationConnectString!, campaigns, AdCampaigns.DefaultFor(catalogue), loggers));
            await configuration.FirstRead.WaitAsync(cancellation);
            await Topics.CreateAsync(node.BootstrapServers!, AdEventProducer.Topic, partitions: 2);
            AdEventProducer adEvents = parts.Add(new AdEventProducer(node.BootstrapServers!, loggers.CreateLogger<AdEventProducer>()));
            parts.Add(new AdAnalytics(node.BootstrapServers!, CheckpointFolder(options, "ads"), board, loggers));
            RetailAnalytics retail = parts.Add(await RetailAnalytics.StartAsync(
                node.BootstrapServers!, CheckpointFolder(options, "retail"), loggers: loggers));
            InvoiceReplay? replay = options.ReplayFile is null
                ? null
                : parts.Add(InvoiceReplay.Start(retail.Topic, options.ReplayFile, options.ReplaySpeed));
            var orders = new OrderDesk(retail, replay, time);
            var traffic = parts.Add(new TrafficGenerator(
                new VisitorTraffic(catalogue, options.Seed), options.EventsPerSecond, () => campaigns.Current,
                (action, stop) => SendAsync(action, adEvents, orders, log, stop), time));
            return new ShopServices(parts) { Node = node, AdEvents = adEvents, Retail = retail, Replay = replay, Orders = orders, Traffic = traffic };
        }
        catch
        {
            await parts.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops the visitors first and the node, which all others use, last.</summary>
    public ValueTask DisposeAsync() => _parts.DisposeAsync();

    private static string? CheckpointFolder(StorefrontOptions options, string topology) =>
        options.DataDirectory is null ? null : Path.Combine(options.DataDirectory, "checkpoints", topology);

    private static FreshetNodeOptions NodeOptions(StorefrontOptions options) => new()
    {
        CoordinationPort = options.CoordinationPort,
        KafkaPort = options.KafkaPort,
        DataDirectory = options.DataDirectory,
        Ephemeral = options.DataDirectory is null,
    };

    private static async ValueTask SendAsync(VisitorAction action, AdEventProducer adEvents, OrderDesk orders, ILogger log, CancellationToken stop)
    {
        try
        {
            await (action switch
            {
                MeetAd met => adEvents.PostAsync(met.Event, stop),
                Buy buy => orders.PostAsync(buy.Basket, stop),
                _ => throw new ArgumentException($"Visitors do not {action}.", nameof(action)),
            });
        }
        catch (KafkaException lost)
        {
            // The next visitor may have more luck.
            StorefrontLog.VisitorLost(log, lost.Message);
        }
    }
}
