using Microsoft.AspNetCore.Http.HttpResults;
using Storefront.Catalogue;
using Storefront.Retail;

namespace Storefront.Web;

/// <summary><c>/api/products</c>: what the shop sells, and what was bought together with it.</summary>
internal static class ProductEndpoints
{
    private const int PageSize = 25;
    private const int LongestSearch = 80;
    private const int Recommendations = 4;

    public static void MapProducts(this IEndpointRouteBuilder routes, ProductCatalogue catalogue, Task<RetailAnalytics> retail)
    {
        routes.MapGet("/api/products", Results<Ok<ProductPage>, ProblemHttpResult> (string? search, int skip = 0) =>
        {
            if (search is { Length: > LongestSearch } || skip < 0)
            {
                return Refusal.BadRequest($"A search has at most {LongestSearch} characters, and skip is not negative.");
            }

            Product[] found = [.. catalogue.Search(search ?? "")];
            return TypedResults.Ok(new ProductPage([.. found.Skip(skip).Take(PageSize)], found.Length));
        });

        routes.MapGet("/api/products/{code}", Results<Ok<Product>, ProblemHttpResult> (string code) =>
            catalogue.Find(code) is Product product ? TypedResults.Ok(product) : Refusal.NotFound("There is no such product."));

        routes.MapGet("/api/products/{code}/bought-together", async (string code, CancellationToken cancellation) =>
        {
            RetailAnalytics views = await retail.WaitAsync(cancellation);
            return TypedResults.Ok(views.BoughtWith(code, Recommendations)
                .Select(together => new Recommendation(catalogue.Find(together.StockCode), together.Invoices))
                .Where(recommendation => recommendation.Product is not null)
                .ToArray());
        });
    }

    private sealed record ProductPage(IReadOnlyList<Product> Products, int Found);

    private sealed record Recommendation(Product? Product, long Orders);
}
