namespace Storefront.Invoices;

/// <summary>One line of an invoice: so many pieces of one item, sold or taken back.</summary>
/// <param name="Line">Line number in the invoice log, the header being line 1; 0 for an order that comes from no log.</param>
/// <param name="InvoiceNo">The invoice. A leading C marks a cancellation, a leading A an adjustment of the books.</param>
/// <param name="StockCode">The item.</param>
/// <param name="Description">The item's name as written on this line; may be empty.</param>
/// <param name="Quantity">Pieces; negative when taken back.</param>
/// <param name="Time">When the invoice was written. The log has the shop's clock without a zone; it is read as UTC.</param>
/// <param name="UnitPrice">Price of one piece in pounds. Exact: at most four decimals, so sums do not depend on their order.</param>
/// <param name="CustomerId">The customer, null when unknown.</param>
/// <param name="Country">The customer's country.</param>
public sealed record InvoiceLine(
    long Line,
    string InvoiceNo,
    string StockCode,
    string Description,
    int Quantity,
    DateTimeOffset Time,
    decimal UnitPrice,
    string? CustomerId,
    string Country)
{
    /// <summary>
    /// Whether the line counts, in every figure of the shop: it is no cancellation and no adjustment, and both quantity and
    /// price are above zero. Who bought does not matter: lines without a customer count.
    /// </summary>
    public bool IsSale => InvoiceNo is not ['C' or 'A', ..] && Quantity > 0 && UnitPrice > 0;

    /// <summary>What the line brought in, in pounds.</summary>
    public decimal Amount => Quantity * UnitPrice;
}
