using Confluent.Kafka;
using Microsoft.AspNetCore.Http.HttpResults;
using Storefront.Ads;
using Storefront.Catalogue;

namespace Storefront.Web;

/// <summary><c>/api/ads</c>: ads for the places of a page, and what the visitor did with them.</summary>
internal static class AdEndpoints
{
    private const int MaxPlaces = 12;

    public static void MapAds(
        this IEndpointRouteBuilder routes, ProductCatalogue catalogue, CampaignBook campaigns, Task<AdEventProducer> events, TimeProvider time)
    {
        routes.MapGet("/api/ads", async Task<Results<Ok<PlacedAd[]>, ProblemHttpResult>> (CancellationToken cancellation, int count = 3) =>
        {
            if (count is < 1 or > MaxPlaces)
            {
                return Refusal.BadRequest($"A page has 1 to {MaxPlaces} places for ads.");
            }

            // A page opened in the first second waits for the campaigns instead of showing none.
            await events.WaitAsync(cancellation);
            return TypedResults.Ok(Array.ConvertAll(campaigns.Current.Pick(count, Random.Shared), ad => Place(ad, catalogue)));
        });

        // The clock is the server's: a visitor's own clock may be wrong.
        routes.MapPost("/api/ad-events", async Task<Results<Accepted, ProblemHttpResult>> (SeenAd seen, HttpContext context) =>
        {
            if (seen.Position is < 1 or > MaxPlaces)
            {
                return Refusal.BadRequest($"Positions go from 1 to {MaxPlaces}.");
            }

            if (campaigns.Current.CampaignOf(seen.Ad ?? "") is not Campaign campaign)
            {
                return Refusal.NotFound("There is no such ad.");
            }

            AdEventKind kind = seen.Clicked ? AdEventKind.Click : AdEventKind.Impression;
            var adEvent = new AdEvent(kind, seen.Ad!, campaign.Id, seen.Position, VisitorCookie.Of(context), time.GetUtcNow());
            try
            {
                AdEventProducer producer = await events.WaitAsync(context.RequestAborted);
                await producer.SendAsync(adEvent, context.RequestAborted);
                return TypedResults.Accepted((string?)null);
            }
            catch (KafkaException)
            {
                return Refusal.Busy("The log does not take events at the moment.");
            }
        });
    }

    private static PlacedAd Place(Ad ad, ProductCatalogue catalogue) =>
        new(ad.Id, ad.Title, ad.Text, ad.Product, ad.Tone, catalogue.Find(ad.Product)?.Icon ?? "box");

    private sealed record PlacedAd(string Id, string Title, string Text, string Product, string Tone, string Icon);

    private sealed record SeenAd(string? Ad, int Position, bool Clicked);
}
