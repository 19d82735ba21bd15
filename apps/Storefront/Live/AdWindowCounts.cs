using Storefront.Ads;

namespace Storefront.Live;

/// <summary>The counts of all ads in one window.</summary>
internal sealed record AdWindowCounts(DateTimeOffset Start, IReadOnlyDictionary<string, AdWindowCount> ByAd)
{
    /// <summary>Whether nothing will be added any more.</summary>
    public bool IsFinal => ByAd.Values.All(count => count.IsFinal);

    public AdCount Of(string ad) => ByAd.GetValueOrDefault(ad).Count;
}
