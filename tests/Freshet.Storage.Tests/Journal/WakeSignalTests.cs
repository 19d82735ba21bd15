using Freshet.Storage.Journal;

namespace Freshet.Storage.Tests.Journal;

public class WakeSignalTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sets_before_a_wait_end_one_wait()
    {
        using var signal = new WakeSignal();
        signal.Set();
        signal.Set();
        signal.Wait();

        Task second = Task.Run(signal.Wait, Ct);
        await Assert.ThrowsAsync<TimeoutException>(() => second.WaitAsync(TimeSpan.FromMilliseconds(50), Ct));
        signal.Set();
        await second.WaitAsync(TimeSpan.FromSeconds(30), Ct);
    }

    [Fact]
    public async Task Two_threads_hand_turns_to_each_other()
    {
        const int Turns = 50_000;
        using var there = new WakeSignal();
        using var back = new WakeSignal();
        int turns = 0;
        Task other = Task.Run(
            () =>
            {
                for (int i = 0; i < Turns; i++)
                {
                    there.Wait();
                    turns++;
                    back.Set();
                }
            },
            Ct);
        for (int i = 0; i < Turns; i++)
        {
            there.Set();
            back.Wait();
            Assert.Equal(i + 1, turns);
        }

        await other;
    }
}
