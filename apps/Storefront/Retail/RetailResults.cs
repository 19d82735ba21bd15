namespace Storefront.Retail;

/// <summary>What one item has sold.</summary>
/// <param name="StockCode">The item.</param>
/// <param name="Quantity">Pieces.</param>
/// <param name="Revenue">Pounds.</param>
public readonly record struct BestSeller(string StockCode, long Quantity, decimal Revenue);

/// <summary>An item bought together with another.</summary>
/// <param name="StockCode">The other item.</param>
/// <param name="Invoices">Invoices that hold both; each counts once.</param>
public readonly record struct CoPurchase(string StockCode, int Invoices);

/// <summary>Revenue of ten minutes of event time.</summary>
/// <param name="Start">First moment of the window.</param>
/// <param name="Revenue">Pounds.</param>
/// <param name="IsFinal">Whether event time has passed the window's end.</param>
public readonly record struct RevenueWindow(DateTimeOffset Start, decimal Revenue, bool IsFinal);

/// <summary>The sums of one item. A plain struct: a checkpoint copies it as it lies in memory.</summary>
/// <param name="Lines">Invoice lines.</param>
/// <param name="Quantity">Pieces.</param>
/// <param name="Revenue">Pounds.</param>
public readonly record struct ItemSales(long Lines, long Quantity, decimal Revenue);

/// <summary>What a bolt at the end of the topology emits.</summary>
internal readonly record struct Nothing;
