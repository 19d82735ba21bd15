using Freshet.Streams;
using Storefront.Invoices;

namespace Storefront.Retail;

/// <summary>An item has joined an invoice that held others already.</summary>
/// <param name="StockCode">The item.</param>
/// <param name="Others">The others, each once.</param>
internal readonly record struct JoinedItem(string StockCode, string[] Others);

/// <summary>
/// Follows the items of each invoice. An invoice is forgotten when event time is ten minutes past its newest line, so only those
/// of the last minutes are held; a line that comes later still starts the invoice afresh and pairs with nothing before.
/// </summary>
internal sealed class InvoiceItemsBolt : KeyedBolt<string, InvoiceLine, JoinedItem>
{
    /// <summary>In the log the lines of an invoice lie within a minute.</summary>
    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(10);

    private KeyedState<string, OpenInvoice> _open = null!;
    private int _linesSinceSweep;

    public override void Open(KeyedBoltContext<string> context) => _open = context.State("invoices", new OpenInvoice.Codec());

    public override void Execute(string invoiceNo, InvoiceLine line, IEmitter<JoinedItem> output)
    {
        _linesSinceSweep++;
        OpenInvoice invoice = _open[invoiceNo] ??= new OpenInvoice();
        string[] others = invoice.Add(line.StockCode, line.Time);
        if (others.Length > 0)
        {
            output.Emit(new JoinedItem(line.StockCode, others));
        }
    }

    public override void OnWatermark(DateTimeOffset watermark, IEmitter<JoinedItem> output)
    {
        // Watermarks come by the hundred a second. A look at every open invoice is worth it when as many lines have come meanwhile.
        if (_linesSinceSweep < _open.Count)
        {
            return;
        }

        _linesSinceSweep = 0;
        foreach (string done in _open.All.Where(invoice => watermark - invoice.Value.LastTime > KeptFor).Select(invoice => invoice.Key).ToArray())
        {
            _open.Remove(done);
        }
    }
}
