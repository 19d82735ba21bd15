using Freshet.Coordination.Admin;

namespace Freshet.Coordination.Tests.Admin;

public class LatencyTests
{
    [Fact]
    public void The_requests_of_a_batch_share_the_end_but_not_the_beginning()
    {
        var batch = default(AnsweredRequests);
        batch.Add(receivedAt: 1_000);
        batch.Add(receivedAt: 6_000);
        LatencyRange latency = batch.Take(now: 9_000);
        Assert.Equal((2, 3, 8, 11.0, 5.5), (latency.Count, latency.MinMs, latency.MaxMs, latency.SumMs, latency.AverageMs));
        Assert.Equal("3/5.5/8", $"{latency}");
        Assert.Equal(0, batch.Take(now: 10_000).Count);
    }

    [Fact]
    public void Ranges_add_up_and_nothing_adds_nothing()
    {
        var all = default(LatencyRange);
        all.Add(default);
        Assert.Equal("0/0.0/0", $"{all}");
        all.Add(LatencyRange.Of(count: 1, sum: 4_000, min: 4_000, max: 4_000));
        all.Add(LatencyRange.Of(count: 2, sum: 3_000, min: 1_000, max: 2_000));
        all.Add(default);
        Assert.Equal("1/2.3333/4", $"{all}");
    }
}
