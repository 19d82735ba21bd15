using Storefront.Live;

namespace Storefront.Tests.Live;

public class LiveHubTests
{
    [Fact]
    public async Task A_browser_gets_the_newest_picture_at_once_and_then_each_new_one()
    {
        var hub = new LiveHub();
        hub.Publish("first");
        using LiveSeat seat = hub.TryTakeSeat()!;
        await using IAsyncEnumerator<string> pictures = seat.PicturesAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator();
        Assert.True(await pictures.MoveNextAsync());
        Assert.Equal("first", pictures.Current);
        hub.Publish("second");
        Assert.True(await pictures.MoveNextAsync());
        Assert.Equal("second", pictures.Current);
    }

    [Fact]
    public async Task A_slow_browser_misses_pictures_in_between_but_not_the_newest()
    {
        var hub = new LiveHub();
        using LiveSeat seat = hub.TryTakeSeat()!;
        for (int picture = 0; picture <= 1_000; picture++)
        {
            hub.Publish($"{picture}");
        }

        await using IAsyncEnumerator<string> pictures = seat.PicturesAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator();
        Assert.True(await pictures.MoveNextAsync());
        Assert.Equal("1000", pictures.Current);
    }

    [Fact]
    public void Seats_are_limited_and_free_again_when_a_browser_leaves()
    {
        var hub = new LiveHub();
        LiveSeat[] seats = [.. Enumerable.Range(0, LiveHub.MaxBrowsers).Select(_ => hub.TryTakeSeat()!)];
        Assert.Null(hub.TryTakeSeat());
        seats[0].Dispose();
        Assert.NotNull(hub.TryTakeSeat());
    }
}
