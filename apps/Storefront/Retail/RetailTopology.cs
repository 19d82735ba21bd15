using Freshet.Streams;
using Storefront.Invoices;

namespace Storefront.Retail;

/// <summary>
/// The three questions about invoice lines, in one topology: which items sell best, what each ten minutes bring in, and which items
/// are bought together. Only sales count, see <see cref="InvoiceLine.IsSale"/>; an item counts once for each invoice that holds it
/// where the question is what was bought together, and once for each line otherwise.
/// </summary>
internal static class RetailTopology
{
    /// <summary>Length of a revenue window.</summary>
    public static readonly TimeSpan RevenueWindow = TimeSpan.FromMinutes(10);

    /// <summary>How often an open revenue window shows what it has so far.</summary>
    public static readonly TimeSpan UpdateEvery = TimeSpan.FromMilliseconds(250);

    private const int Parallelism = 2;

    /// <summary>Orders of visitors carry the shop's clock or that of a replay; a minute covers the difference between their senders.</summary>
    private static readonly TimeSpan MaxOutOfOrderness = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan AllowedLateness = TimeSpan.FromHours(1);

    /// <summary>One revenue for the whole shop.</summary>
    private const string Shop = "shop";

    /// <summary>Describes the topology.</summary>
    /// <param name="spout">Makes the source of invoice lines, for one task.</param>
    /// <param name="view">Where the results are shown.</param>
    /// <param name="idleAfter">How long a partition may be silent before event time goes on without it; null for bounded input, which ends instead.</param>
    public static Topology Build(Func<ISpout<InvoiceLine>> spout, RetailView view, TimeSpan? idleAfter)
    {
        var builder = new TopologyBuilder("retail");
        Stream<InvoiceLine> sales = builder.AddSpout("invoice-lines", spout, Parallelism)
            .WithWatermarks(line => line.Time, MaxOutOfOrderness, idleAfter)
            .Where("sales", line => line.IsSale);

        sales.GroupBy(line => line.StockCode).AddBolt("item-sales", () => new ItemSalesBolt(view));

        WindowedStream<InvoiceLine, string, decimal> revenue = sales.GroupBy(_ => Shop).AddTumblingWindow("revenue-windows", RevenueOfLines(), parallelism: 1);
        revenue.Results.GroupBy(result => result.Start.UtcTicks).AddBolt("revenue", () => new RevenueBolt(view));
        revenue.Late.FlatMap<Nothing>("late-lines", (_, _) => view.CountLate());

        sales.GroupBy(line => line.InvoiceNo).AddBolt("invoice-items", () => new InvoiceItemsBolt())
            .GroupBy(joined => joined.StockCode).AddBolt("co-purchases", () => new CoPurchaseBolt(view));
        return builder.Build();
    }

    private static TumblingWindow<InvoiceLine, decimal> RevenueOfLines() => new()
    {
        Size = RevenueWindow,
        TimeOf = line => line.Time,
        Create = () => 0m,
        Add = (ref decimal revenue, InvoiceLine line) => revenue += line.Amount,
        AllowedLateness = AllowedLateness,
        UpdateEvery = UpdateEvery,
    };
}
