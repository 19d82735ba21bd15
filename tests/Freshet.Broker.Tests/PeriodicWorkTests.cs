using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace Freshet.Broker.Tests;

public class PeriodicWorkTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _time = new();
    private readonly Channel<int> _rounds = Channel.CreateUnbounded<int>();

    [Fact]
    public async Task It_goes_on_after_a_cancellation_that_is_not_its_own_and_after_any_failure()
    {
        Exception?[] failures = [new OperationCanceledException(new CancellationToken(canceled: true)), new TaskCanceledException(), new InvalidOperationException("broken"), null];
        int round = 0;
        await using var work = new PeriodicWork(
            "The test's work",
            _ =>
            {
                Exception? failure = failures[round];
                _rounds.Writer.TryWrite(round++);
                return failure is null ? ValueTask.CompletedTask : ValueTask.FromException(failure);
            },
            Interval,
            _time,
            new TestLog());
        for (int expected = 0; expected < failures.Length; expected++)
        {
            _time.Advance(Interval);
            Assert.Equal(expected, await NextRoundAsync());
        }
    }

    [Fact]
    public async Task Disposing_cancels_the_round_under_way_and_no_other_follows()
    {
        var work = new PeriodicWork(
            "The test's work",
            async stopping =>
            {
                _rounds.Writer.TryWrite(0);
                await Task.Delay(Timeout.InfiniteTimeSpan, stopping);
            },
            Interval,
            _time,
            new TestLog());
        _time.Advance(Interval);
        await NextRoundAsync();
        await work.DisposeAsync();
        _time.Advance(Interval);
        Assert.False(_rounds.Reader.TryRead(out _));
    }

    private async Task<int> NextRoundAsync() => await _rounds.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30));
}
