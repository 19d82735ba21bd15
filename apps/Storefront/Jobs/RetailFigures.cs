using Storefront.Invoices;
using Storefront.Retail;

namespace Storefront.Jobs;

/// <summary>Every figure of the retail topology, to be compared.</summary>
/// <param name="Sales">The sums of each item.</param>
/// <param name="Revenue">The revenue of each ten minutes that have any.</param>
/// <param name="CoPurchases">The invoices that hold both items of a pair, the lesser item first.</param>
internal sealed record RetailFigures(
    IReadOnlyDictionary<string, ItemSales> Sales,
    IReadOnlyDictionary<DateTimeOffset, decimal> Revenue,
    IReadOnlyDictionary<(string Item, string Other), int> CoPurchases)
{
    private const int DifferencesShown = 10;

    /// <summary>The figures that a topology has come to.</summary>
    public static RetailFigures Of(RetailView view) => new(
        view.Sales, view.Revenue(int.MaxValue).ToDictionary(window => window.Start, window => window.Revenue), view.AllCoPurchases());

    /// <summary>The figures computed from the lines with LINQ: no stream engine, no broker.</summary>
    public static RetailFigures Compute(IEnumerable<InvoiceLine> lines)
    {
        InvoiceLine[] sales = [.. lines.Where(line => line.IsSale)];
        return new RetailFigures(
            sales.GroupBy(line => line.StockCode).ToDictionary(
                item => item.Key, item => new ItemSales(item.Count(), item.Sum(line => (long)line.Quantity), item.Sum(line => line.Amount))),
            sales.GroupBy(line => WindowOf(line.Time)).ToDictionary(window => window.Key, window => window.Sum(line => line.Amount)),
            sales.GroupBy(line => line.InvoiceNo)
                .Select(invoice => invoice.Select(line => line.StockCode).Distinct().Take(OpenInvoice.MaxItems).Order(StringComparer.Ordinal).ToArray())
                .SelectMany(items => items.SelectMany((item, index) => items.Skip(index + 1).Select(other => (item, other))))
                .CountBy(pair => pair).ToDictionary());
    }

    /// <summary>What differs from the expected figures, the first few of each kind; nothing when all are equal.</summary>
    public IReadOnlyList<string> DifferencesFrom(RetailFigures expected) =>
    [
        .. Differences("sales of item", expected.Sales, Sales),
        .. Differences("revenue of window", expected.Revenue, Revenue),
        .. Differences("invoices with items", expected.CoPurchases, CoPurchases),
    ];

    private static DateTimeOffset WindowOf(DateTimeOffset time) => time.AddTicks(-(time.UtcTicks % RetailTopology.RevenueWindow.Ticks));

    private static IEnumerable<string> Differences<TKey, TValue>(string what, IReadOnlyDictionary<TKey, TValue> expected, IReadOnlyDictionary<TKey, TValue> actual)
        where TKey : notnull
        where TValue : struct, IEquatable<TValue>
    {
        string[] all =
        [
            .. expected.Where(entry => !actual.TryGetValue(entry.Key, out TValue value) || !value.Equals(entry.Value))
                .Select(entry => $"{what} {entry.Key}: expected {entry.Value}, got {(actual.TryGetValue(entry.Key, out TValue value) ? value : "none")}"),
            .. actual.Where(entry => !expected.ContainsKey(entry.Key)).Select(entry => $"{what} {entry.Key}: expected none, got {entry.Value}"),
        ];
        return all.Length <= DifferencesShown ? all : all.Take(DifferencesShown).Append($"{what}: {all.Length} differences in all");
    }
}
