namespace Storefront.Catalogue;

/// <summary>Something the shop sells.</summary>
/// <param name="Code">Stock code: what orders and ads name it by.</param>
/// <param name="Icon">Name of a symbol in wwwroot/icons.svg.</param>
internal sealed record Product(string Code, string Name, string Category, decimal Price, string Description, string Icon);
