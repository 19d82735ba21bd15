using System.Collections.Concurrent;

namespace Storefront.Retail;

/// <summary>
/// The results of the retail topology in this process: what a page asks. It is only a window onto the state of the topology's last
/// bolts, which checkpoints make durable; after a restart they fill it again. Thread-safe; the lists it returns do not change.
/// </summary>
public sealed class RetailView
{
    private readonly ConcurrentDictionary<string, ItemSales> _sales = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<DateTimeOffset, RevenueWindow> _revenue = [];
    private readonly ConcurrentDictionary<string, CoPurchaseRow> _rows = new(StringComparer.Ordinal);
    private long _version;
    private long _lateLines;

    /// <summary>Grows with every change of any result.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>Sale lines that came so late that their revenue window was closed, since the process started. They are in every other figure.</summary>
    public long LateLines => Interlocked.Read(ref _lateLines);

    /// <summary>Sale lines counted so far.</summary>
    public long SaleLines => _sales.Values.Sum(sales => sales.Lines);

    /// <summary>The sums of every item.</summary>
    public IReadOnlyDictionary<string, ItemSales> Sales => _sales;

    /// <summary>The items that sold the most pieces, the most first.</summary>
    public IReadOnlyList<BestSeller> BestSellers(int count) =>
    [
        // A copy first: sorting a dictionary that grows meanwhile throws.
        .. _sales.ToArray().OrderByDescending(item => item.Value.Quantity).ThenBy(item => item.Key, StringComparer.Ordinal)
            .Take(count).Select(item => new BestSeller(item.Key, item.Value.Quantity, item.Value.Revenue)),
    ];

    /// <summary>The newest windows with revenue, oldest first.</summary>
    public IReadOnlyList<RevenueWindow> Revenue(int count) => [.. _revenue.Values.OrderByDescending(window => window.Start).Take(count).Reverse()];

    /// <summary>What was bought together with the item, the most often first.</summary>
    public IReadOnlyList<CoPurchase> BoughtWith(string stockCode, int count)
    {
        if (!_rows.TryGetValue(stockCode, out CoPurchaseRow? row))
        {
            row = new CoPurchaseRow();
        }

        // A row counts the invoices to which its item came second; where it came first, the others' rows have counted.
        var invoices = row.Snapshot().ToDictionary(StringComparer.Ordinal);
        foreach ((string other, CoPurchaseRow otherRow) in _rows)
        {
            if (otherRow.CountOf(stockCode) is > 0 and int more)
            {
                invoices[other] = invoices.GetValueOrDefault(other) + more;
            }
        }

        return
        [
            .. invoices.OrderByDescending(other => other.Value).ThenBy(other => other.Key, StringComparer.Ordinal)
                .Take(count).Select(other => new CoPurchase(other.Key, other.Value)),
        ];
    }

    /// <summary>The invoices that hold both items, for every pair that has any. The first item of a pair is the lesser one, ordinally.</summary>
    public IReadOnlyDictionary<(string Item, string Other), int> AllCoPurchases()
    {
        var pairs = new Dictionary<(string, string), int>();
        foreach ((string item, CoPurchaseRow row) in _rows)
        {
            foreach ((string other, int invoices) in row.Snapshot())
            {
                (string, string) pair = string.CompareOrdinal(item, other) < 0 ? (item, other) : (other, item);
                pairs[pair] = pairs.GetValueOrDefault(pair) + invoices;
            }
        }

        return pairs;
    }

    internal void Set(string stockCode, ItemSales sales)
    {
        _sales[stockCode] = sales;
        Interlocked.Increment(ref _version);
    }

    internal void Set(RevenueWindow window)
    {
        _revenue[window.Start] = window;
        Interlocked.Increment(ref _version);
    }

    internal void Remove(DateTimeOffset windowStart) => _revenue.TryRemove(windowStart, out _);

    /// <summary>Shows the row that a task counts in; further counts need only <see cref="Changed"/>.</summary>
    internal void Show(string stockCode, CoPurchaseRow row) => _rows[stockCode] = row;

    internal void Changed() => Interlocked.Increment(ref _version);

    internal void CountLate() => Interlocked.Increment(ref _lateLines);
}
