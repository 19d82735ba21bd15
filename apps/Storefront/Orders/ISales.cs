namespace Storefront.Orders;

/// <summary>
/// Where orders go, and what the analytics makes of all orders so far. Thread-safe; reading is cheap, lists are
/// snapshots that never change.
/// </summary>
internal interface ISales
{
    /// <summary>Grows with every change of the views below.</summary>
    long Version { get; }

    /// <summary>The products that sold the most pieces, best first.</summary>
    IReadOnlyList<BestSeller> BestSellers { get; }

    /// <summary>The newest windows of revenue, oldest first.</summary>
    IReadOnlyList<RevenueWindow> Revenue { get; }

    /// <summary>How far the replay of an invoice log is; null when none was asked for.</summary>
    ReplayProgress? Replay { get; }

    /// <summary>What was bought together with the product, the most frequent first.</summary>
    IReadOnlyList<BoughtTogether> BoughtWith(string productCode, int count);

    /// <summary>Takes an order and returns its number once the broker has it.</summary>
    Task<string> PlaceAsync(IReadOnlyList<BasketLine> basket, CancellationToken cancellation);

    /// <summary>Takes an order without waiting for the broker, except while its queue is full.</summary>
    ValueTask PostAsync(IReadOnlyList<BasketLine> basket, CancellationToken cancellation);
}

internal readonly record struct BestSeller(string ProductCode, long Quantity, decimal Revenue);

/// <param name="Orders">How many orders held both products.</param>
internal readonly record struct BoughtTogether(string ProductCode, long Orders);

/// <param name="IsFinal">Whether nothing will be added.</param>
internal readonly record struct RevenueWindow(DateTimeOffset Start, decimal Revenue, bool IsFinal);
