using Freshet.Streams;

namespace Storefront.Retail;

/// <summary>Counts, for each item, the invoices it shares with each other item.</summary>
internal sealed class CoPurchaseBolt(RetailView view) : KeyedBolt<string, JoinedItem, Nothing>
{
    private KeyedState<string, CoPurchaseRow> _rows = null!;

    public override void Open(KeyedBoltContext<string> context)
    {
        _rows = context.State("rows", new CoPurchaseRow.Codec());
        foreach ((string stockCode, CoPurchaseRow row) in _rows.All)
        {
            view.Show(stockCode, row);
        }
    }

    public override void Execute(string stockCode, JoinedItem joined, IEmitter<Nothing> output)
    {
        ref CoPurchaseRow? row = ref _rows[stockCode];
        if (row is null)
        {
            row = new CoPurchaseRow();
            view.Show(stockCode, row);
        }

        row.Count(joined.Others);
        view.Changed();
    }
}
