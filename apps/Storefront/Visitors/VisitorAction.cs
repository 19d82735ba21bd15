using Storefront.Ads;
using Storefront.Orders;

namespace Storefront.Visitors;

/// <summary>What a simulated visitor does that the shop's servers hear of.</summary>
internal abstract record VisitorAction;

/// <summary>The visitor saw or clicked an ad.</summary>
internal sealed record MeetAd(AdEvent Event) : VisitorAction;

/// <summary>The visitor bought a basket.</summary>
internal sealed record Buy(IReadOnlyList<BasketLine> Basket) : VisitorAction;
