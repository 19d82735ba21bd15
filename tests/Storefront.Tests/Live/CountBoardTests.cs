using Storefront.Ads;
using Storefront.Live;

namespace Storefront.Tests.Live;

public class CountBoardTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_newer_count_replaces_an_older_one()
    {
        var board = new CountBoard();
        board.Set(new WindowCount("a", Start, new AdCount(1, 0), IsFinal: false));
        long before = board.Version;
        board.Set(new WindowCount("a", Start, new AdCount(5, 2), IsFinal: true));
        Assert.True(board.Version > before);
        WindowCounts window = Assert.Single(board.Read().Windows);
        Assert.Equal(new AdCount(5, 2), window.Of("a"));
        Assert.Equal(default, window.Of("b"));
        Assert.True(window.IsFinal);
    }

    [Fact]
    public void It_keeps_the_last_windows_in_order_and_forgets_the_rest()
    {
        var board = new CountBoard();
        foreach (int window in Enumerable.Range(0, 100).OrderBy(n => n % 7))
        {
            board.Set(new WindowCount("a", Start.AddSeconds(10 * window), new AdCount(window, 0), IsFinal: false));
        }

        Assert.Equal(
            Enumerable.Range(100 - CountBoard.MaxWindows, CountBoard.MaxWindows).Select(n => (long)n),
            board.Read().Windows.Select(window => window.Of("a").Impressions));
    }
}
