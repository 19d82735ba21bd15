using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http.HttpResults;
using Storefront.Live;
using Storefront.Visitors;

namespace Storefront.Web;

/// <summary><c>/api/live</c>: pictures of the shop as server-sent events; <c>/api/traffic</c>: the rate of the simulated visitors.</summary>
internal static class LiveEndpoints
{
    public static void MapLive(this IEndpointRouteBuilder routes, LiveHub hub, Task<TrafficGenerator> traffic, CancellationToken stopping)
    {
        routes.MapGet("/api/live", IResult (HttpContext context) =>
        {
            if (hub.TryTakeSeat() is not LiveSeat seat)
            {
                return Refusal.Busy($"{LiveHub.MaxBrowsers} browsers are watching already.");
            }

            context.Response.RegisterForDispose(seat);
            return TypedResults.ServerSentEvents(EventsAsync(seat, stopping, context.RequestAborted));
        });

        routes.MapPut("/api/traffic", async Task<Results<NoContent, ProblemHttpResult>> (TrafficRate rate, CancellationToken cancellation) =>
        {
            if (rate.PerSecond is < 0 or > TrafficGenerator.MaxPerSecond)
            {
                return Refusal.BadRequest($"The rate is 0 to {TrafficGenerator.MaxPerSecond} events per second.");
            }

            (await traffic.WaitAsync(cancellation)).PerSecond = rate.PerSecond;
            return TypedResults.NoContent();
        });
    }

    /// <summary>Ends when the browser leaves or the shop closes; otherwise the open connection would hold the shop open.</summary>
    private static async IAsyncEnumerable<SseItem<string>> EventsAsync(
        LiveSeat seat, CancellationToken stopping, [EnumeratorCancellation] CancellationToken aborted)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stopping, aborted);
        IAsyncEnumerator<string> pictures = seat.PicturesAsync(end.Token).GetAsyncEnumerator(end.Token);
        while (await MoveNextAsync(pictures))
        {
            yield return new SseItem<string>(pictures.Current);
        }
    }

    private static async ValueTask<bool> MoveNextAsync(IAsyncEnumerator<string> pictures)
    {
        try
        {
            return await pictures.MoveNextAsync();
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private sealed record TrafficRate(int PerSecond);
}
