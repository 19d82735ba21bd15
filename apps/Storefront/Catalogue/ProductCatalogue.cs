using System.Text.Json;

namespace Storefront.Catalogue;

/// <summary>Everything the shop sells, the most popular first. Immutable.</summary>
internal sealed class ProductCatalogue
{
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

    private static bool Mentions(Product product, string word) =>
        product.Name.Contains(word, StringComparison.OrdinalIgnoreCase)
        || product.Category.Contains(word, StringComparison.OrdinalIgnoreCase)
        || product.Code.Equals(word, StringComparison.OrdinalIgnoreCase);
}
