using System.Runtime.InteropServices;

namespace Storefront.Invoices;

/// <summary>An item of the shop, as its invoices describe it.</summary>
/// <param name="StockCode">The item.</param>
/// <param name="Description">Its most frequent name.</param>
/// <param name="UnitPrice">Its most frequent price, in pounds.</param>
/// <param name="QuantitySold">Pieces sold over the whole log.</param>
public sealed record CatalogueItem(string StockCode, string Description, decimal UnitPrice, long QuantitySold);

/// <summary>The items that an invoice log sells. Only sales count, see <see cref="InvoiceLine.IsSale"/>.</summary>
public static class InvoiceCatalogue
{
    /// <summary>Reads the whole log; items in order of pieces sold, the most first. Wrong rows are left out.</summary>
    public static Task<IReadOnlyList<CatalogueItem>> ReadAsync(string file, CancellationToken cancellation = default) => Task.Run(
        () =>
        {
            IEnumerable<InvoiceLine> lines = InvoiceLog.Read(file, new RejectedRows()).TakeWhile(_ => !cancellation.IsCancellationRequested);
            IReadOnlyList<CatalogueItem> items = From(lines);
            cancellation.ThrowIfCancellationRequested();
            return items;
        },
        cancellation);

    /// <summary>The same from lines at hand.</summary>
    public static IReadOnlyList<CatalogueItem> From(IEnumerable<InvoiceLine> lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        var items = new Dictionary<string, Seen>(StringComparer.Ordinal);
        foreach (InvoiceLine line in lines)
        {
            if (line.IsSale)
            {
                (CollectionsMarshal.GetValueRefOrAddDefault(items, line.StockCode, out _) ??= new Seen()).Add(line);
            }
        }

        return
        [
            .. items.Select(item => item.Value.ToItem(item.Key))
                .OrderByDescending(item => item.QuantitySold).ThenBy(item => item.StockCode, StringComparer.Ordinal),
        ];
    }

    private sealed class Seen
    {
        private readonly Dictionary<string, int> _names = new(StringComparer.Ordinal);
        private readonly Dictionary<decimal, int> _prices = [];
        private long _quantity;

        public void Add(InvoiceLine line)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_prices, line.UnitPrice, out _)++;
            _quantity += line.Quantity;
            if (line.Description.Length > 0)
            {
                CollectionsMarshal.GetValueRefOrAddDefault(_names, line.Description, out _)++;
            }
        }

        public CatalogueItem ToItem(string stockCode) =>
            new(stockCode, _names.Count > 0 ? MostFrequent(_names) : stockCode, MostFrequent(_prices), _quantity);

        private static T MostFrequent<T>(Dictionary<T, int> counts)
            where T : notnull => counts.MaxBy(entry => entry.Value).Key;
    }
}
