using Storefront.Retail;

namespace Storefront.Tests.Live;

public class RetailViewReadingTests
{
    [Fact]
    public async Task Best_sellers_can_be_read_while_new_items_come()
    {
        var view = new RetailView();
        Task selling = Task.Run(() =>
        {
            for (int item = 0; item < 200_000; item++)
            {
                view.Set($"item-{item}", new ItemSales(1, item, 1));
            }
        });
        while (!selling.IsCompleted)
        {
            Assert.InRange(view.BestSellers(5).Count, 0, 5);
        }

        await selling;
        Assert.Equal("item-199999", view.BestSellers(1)[0].StockCode);
    }
}
