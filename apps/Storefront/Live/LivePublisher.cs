using System.Text.Json;
using Storefront.Hosting;

namespace Storefront.Live;

/// <summary>Sends a new picture to the browsers when something changed, at most five a second, until it is disposed.</summary>
internal sealed class LivePublisher : IAsyncDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(200);

    /// <summary>A picture without news still moves the rates and shows that the connection lives.</summary>
    private const int TicksWithoutNews = 5;

    private readonly CancellationTokenSource _stop = new();
    private readonly LivePainter _painter;
    private readonly LiveHub _hub;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Task _running;

    public LivePublisher(LivePainter painter, LiveHub hub, TimeProvider time, ILogger<LivePublisher> log)
    {
        _log = log;
        _painter = painter;
        _hub = hub;
        _time = time;
        _running = Task.Run(RunAsync);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(Tick, _time);
        long painted = long.MinValue;
        for (int quiet = 0; ; quiet++)
        {
            long version = _painter.Version;
            if (version != painted || quiet >= TicksWithoutNews)
            {
                TryPublish();
                painted = version;
                quiet = 0;
            }

            await timer.WaitForNextTickAsync(_stop.Token);
        }
    }

    private void TryPublish()
    {
        try
        {
            _hub.Publish(JsonSerializer.Serialize(_painter.Paint(), JsonSerializerOptions.Web));
        }
        catch (Exception failure)
        {
            // The page lives on with the next picture; somebody must hear of this one.
            StorefrontLog.PictureFailed(_log, failure);
        }
    }
}
