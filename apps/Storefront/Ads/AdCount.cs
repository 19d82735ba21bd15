namespace Storefront.Ads;

/// <summary>How often something was seen and clicked.</summary>
internal readonly record struct AdCount(long Impressions, long Clicks)
{
    public static AdCount operator +(AdCount left, AdCount right) => new(left.Impressions + right.Impressions, left.Clicks + right.Clicks);

    public AdCount With(AdEventKind kind) => kind == AdEventKind.Click ? this with { Clicks = Clicks + 1 } : this with { Impressions = Impressions + 1 };
}
