using Confluent.Kafka;
using Microsoft.AspNetCore.Http.HttpResults;
using Storefront.Catalogue;
using Storefront.Orders;

namespace Storefront.Web;

/// <summary><c>/api/orders</c>: a visitor buys a basket.</summary>
internal static class OrderEndpoints
{
    private const int MaxLines = 50;
    private const int MaxPieces = 99;

    public static void MapOrders(this IEndpointRouteBuilder routes, ProductCatalogue catalogue, Task<OrderDesk> desk) =>
        routes.MapPost("/api/orders", async Task<Results<Ok<OrderTaken>, ProblemHttpResult>> (OrderWish wish, CancellationToken cancellation) =>
        {
            if (wish.Lines is not { Count: > 0 and <= MaxLines } lines || lines.Any(line => line?.Product is null || line.Quantity is < 1 or > MaxPieces))
            {
                return Refusal.BadRequest($"An order has 1 to {MaxLines} lines of 1 to {MaxPieces} pieces.");
            }

            var basket = new List<BasketLine>();
            foreach (WishedLine line in lines)
            {
                if (catalogue.Find(line.Product!) is not Product product)
                {
                    return Refusal.NotFound("The shop does not sell one of these products.");
                }

                basket.Add(new BasketLine(product, line.Quantity));
            }

            try
            {
                OrderDesk ready = await desk.WaitAsync(cancellation);
                return TypedResults.Ok(new OrderTaken(await ready.PlaceAsync(basket, cancellation)));
            }
            catch (KafkaException)
            {
                return Refusal.Busy("The log does not take orders at the moment.");
            }
        });

    private sealed record OrderWish(IReadOnlyList<WishedLine>? Lines);

    private sealed record WishedLine(string? Product, int Quantity);

    private sealed record OrderTaken(string Number);
}
