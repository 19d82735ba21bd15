using Storefront.Invoices;
using Storefront.Jobs;
using Storefront.Retail;

namespace Storefront.Tests.Retail;

public class RetailFiguresTests
{
    private static readonly DateTimeOffset Eight = new(2011, 3, 1, 8, 0, 0, TimeSpan.Zero);

    private static readonly InvoiceLine[] Lines =
    [
        Line("1", "A", 2, 1.50m, minutes: 0),
        Line("1", "B", 1, 3.00m, minutes: 0),
        Line("1", "A", 1, 1.50m, minutes: 0),
        Line("2", "B", 5, 3.00m, minutes: 9),
        Line("2", "A", 1, 2.00m, minutes: 10),
        Line("C3", "A", -1, 1.50m, minutes: 11),
        Line("4", "C", 0, 1.50m, minutes: 11),
        Line("4", "B", 1, 0m, minutes: 11),
    ];

    [Fact]
    public void Figures_computed_with_LINQ_are_those_worked_out_by_hand()
    {
        RetailFigures figures = RetailFigures.Compute(Lines);
        Assert.Equal(new Dictionary<string, ItemSales> { ["A"] = new(3, 4, 6.50m), ["B"] = new(2, 6, 18.00m) }, figures.Sales);
        Assert.Equal(new Dictionary<DateTimeOffset, decimal> { [Eight] = 22.50m, [Eight.AddMinutes(10)] = 2.00m }, figures.Revenue);
        Assert.Equal(new Dictionary<(string, string), int> { [("A", "B")] = 2 }, figures.CoPurchases);
    }

    [Fact]
    public void Equal_figures_have_no_differences_and_each_difference_is_named()
    {
        RetailFigures expected = RetailFigures.Compute(Lines);
        Assert.Empty(RetailFigures.Compute(Lines.Reverse()).DifferencesFrom(expected));
        Assert.Equal(
            [
                "sales of item B: expected ItemSales { Lines = 2, Quantity = 6, Revenue = 18.00 }, got ItemSales { Lines = 1, Quantity = 1, Revenue = 3.00 }",
                "revenue of window 03/01/2011 08:00:00 +00:00: expected 22.50, got 7.50",
                "invoices with items (A, B): expected 2, got 1",
            ],
            RetailFigures.Compute(Lines.Where((_, index) => index != 3)).DifferencesFrom(expected));
    }

    private static InvoiceLine Line(string invoice, string item, int quantity, decimal price, int minutes) =>
        new(1, invoice, item, "", quantity, Eight.AddMinutes(minutes), price, null, "France");
}
