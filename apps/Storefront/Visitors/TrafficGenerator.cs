using Storefront.Ads;

namespace Storefront.Visitors;

/// <summary>Plays <see cref="VisitorTraffic"/> at a chosen rate until it is disposed.</summary>
internal sealed class TrafficGenerator : IAsyncDisposable
{
    /// <summary>More than one thread prepares and the page can show; asked for more, the page says so.</summary>
    public const int MaxPerSecond = 20_000;

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenSource _stop = new();
    private readonly VisitorTraffic _traffic;
    private readonly Func<AdCampaigns> _campaigns;
    private readonly Func<VisitorAction, CancellationToken, ValueTask> _send;
    private readonly TimeProvider _time;
    private readonly Task _running;
    private int _perSecond;

    /// <param name="send">Carries an action to the shop's servers; it waits when they cannot keep up.</param>
    public TrafficGenerator(
        VisitorTraffic traffic, int perSecond, Func<AdCampaigns> campaigns, Func<VisitorAction, CancellationToken, ValueTask> send, TimeProvider time)
    {
        _traffic = traffic;
        _campaigns = campaigns;
        _send = send;
        _time = time;
        PerSecond = perSecond;
        // The time starts now, not when a thread is free.
        var timer = new PeriodicTimer(Tick, time);
        long start = time.GetTimestamp();
        _running = Task.Run(() => RunAsync(timer, start));
    }

    /// <summary>Actions per second, 0 to <see cref="MaxPerSecond"/>; may be changed at any time.</summary>
    public int PerSecond
    {
        get => Volatile.Read(ref _perSecond);
        set => Volatile.Write(ref _perSecond, Math.Clamp(value, 0, MaxPerSecond));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task RunAsync(PeriodicTimer timer, long last)
    {
        using PeriodicTimer ticks = timer;
        double due = 0;
        while (await ticks.WaitForNextTickAsync(_stop.Token))
        {
            long now = _time.GetTimestamp();
            // What was missed during a long pause is not caught up: the rate is a rate, not a debt.
            due = Math.Min(due + (PerSecond * _time.GetElapsedTime(last, now).TotalSeconds), PerSecond);
            last = now;
            for (; due >= 1; due--)
            {
                await _send(_traffic.Next(_campaigns(), _time.GetUtcNow()), _stop.Token);
            }
        }
    }
}
