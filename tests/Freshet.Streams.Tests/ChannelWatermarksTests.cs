using Freshet.Streams.Runtime;

namespace Freshet.Streams.Tests;

public class ChannelWatermarksTests
{
    [Fact]
    public void The_slowest_channel_that_is_not_idle_decides()
    {
        var watermarks = new ChannelWatermarks(2);
        Assert.False(watermarks.Advance(0, 10).MustTell);
        Assert.True(watermarks.Advance(1, 5).MustTell);
        Assert.Equal(5, watermarks.Current);
        Assert.True(watermarks.SetIdle(1).MustTell);
        Assert.Equal(10, watermarks.Current);
    }

    [Fact]
    public void A_channel_that_returns_behind_the_others_does_not_turn_time_back()
    {
        var watermarks = new ChannelWatermarks(2);
        watermarks.Advance(0, 10);
        watermarks.SetIdle(1);
        Assert.False(watermarks.Advance(1, 3).MustTell);
        Assert.Equal(10, watermarks.Current);
    }

    [Fact]
    public void When_all_are_idle_time_goes_as_far_as_any_knew()
    {
        var watermarks = new ChannelWatermarks(2);
        watermarks.Advance(0, 10);
        watermarks.SetIdle(0);
        watermarks.Advance(1, 5);
        ChannelWatermarks.Change change = watermarks.SetIdle(1);
        Assert.True(change is { MustTell: true, BecameIdle: true });
        Assert.Equal(10, watermarks.Current);
    }

    [Fact]
    public void Receivers_hear_of_a_return_even_without_progress()
    {
        var watermarks = new ChannelWatermarks(1);
        watermarks.Advance(0, 10);
        Assert.True(watermarks.SetIdle(0).BecameIdle);
        Assert.True(watermarks.Advance(0, 10).MustTell);
    }
}
