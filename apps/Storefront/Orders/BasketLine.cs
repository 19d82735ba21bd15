using Storefront.Catalogue;

namespace Storefront.Orders;

/// <summary>One line of a basket.</summary>
internal readonly record struct BasketLine(Product Product, int Quantity);
