using Freshet.Streams;
using Storefront.Invoices;

namespace Storefront.Retail;

/// <summary>Sums up the sales of each item.</summary>
internal sealed class ItemSalesBolt(RetailView view) : KeyedBolt<string, InvoiceLine, Nothing>
{
    private KeyedState<string, ItemSales> _sales = null!;

    public override void Open(KeyedBoltContext<string> context)
    {
        _sales = context.State<ItemSales>("sales");
        foreach ((string stockCode, ItemSales sales) in _sales.All)
        {
            view.Set(stockCode, sales);
        }
    }

    public override void Execute(string stockCode, InvoiceLine line, IEmitter<Nothing> output)
    {
        ref ItemSales sales = ref _sales[stockCode];
        sales = new ItemSales(sales.Lines + 1, sales.Quantity + line.Quantity, sales.Revenue + line.Amount);
        view.Set(stockCode, sales);
    }
}
