using System.Text.Json;
using Storefront.Invoices;

namespace Storefront.Catalogue;

/// <summary>Everything the shop sells, the most popular first. Immutable.</summary>
internal sealed class ProductCatalogue
{
    /// <summary>Pictures for items that come without one: the first whose name the description mentions.</summary>
    private static readonly string[] Icons =
        ["bag", "teapot", "mug", "lantern", "lamp", "candle", "clock", "notebook", "cushion", "apron", "towel", "jar", "soap", "brush", "board", "tea", "pan", "pen"];

    private readonly Dictionary<string, Product> _byCode;

    public ProductCatalogue(IEnumerable<Product> products)
    {
        Products = [.. products];
        _byCode = Products.ToDictionary(product => product.Code, StringComparer.Ordinal);
    }

    public IReadOnlyList<Product> Products { get; }

    /// <summary>The product with the code, or null when the shop does not sell it.</summary>
    public Product? Find(string code) => _byCode.GetValueOrDefault(code);

    /// <summary>Products whose name, category or code contains every word of the text; all of them for an empty text.</summary>
    public IEnumerable<Product> Search(string text)
    {
        string[] words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return Products.Where(product => words.All(word => Mentions(product, word)));
    }

    /// <summary>The small catalogue that comes with the program.</summary>
    public static ProductCatalogue Shipped()
    {
        using Stream json = typeof(ProductCatalogue).Assembly.GetManifestResourceStream("products.json")!;
        return new ProductCatalogue(JsonSerializer.Deserialize<Product[]>(json, JsonSerializerOptions.Web)!);
    }

    /// <summary>The items of an invoice log, as products.</summary>
    public static ProductCatalogue Of(IReadOnlyList<CatalogueItem> items) => new(items.Select(item => new Product(
        item.StockCode, NameOf(item), Category: "", item.UnitPrice, $"Sold {item.QuantitySold:N0} times. Stock code {item.StockCode}.",
        Icons.FirstOrDefault(icon => item.Description.Contains(icon, StringComparison.OrdinalIgnoreCase), "box"))));

    /// <summary>Invoice logs shout; a page does not.</summary>
    private static string NameOf(CatalogueItem item)
    {
        string name = item.Description.Trim();
        return name.Length < 2 || name.Any(char.IsLower) ? name : name[..1] + name[1..].ToLowerInvariant();
    }

    private static bool Mentions(Product product, string word) =>
        product.Name.Contains(word, StringComparison.OrdinalIgnoreCase)
        || product.Category.Contains(word, StringComparison.OrdinalIgnoreCase)
        || product.Code.Equals(word, StringComparison.OrdinalIgnoreCase);
}
