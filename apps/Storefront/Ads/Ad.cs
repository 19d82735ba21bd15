namespace Storefront.Ads;

/// <summary>One advertisement, as it stands in the configuration.</summary>
/// <param name="Product">Stock code of the product it leads to.</param>
/// <param name="Tone">Colours of its card: one of <see cref="Tones"/>.</param>
internal sealed record Ad(string Id, string Title, string Text, string Product, string Tone)
{
    /// <summary>The colour schemes that the style sheet knows.</summary>
    public static readonly IReadOnlyList<string> Tones = ["amber", "plum", "rose", "sage", "sky", "slate"];
}

/// <summary>Ads that belong together and are counted together.</summary>
internal sealed record Campaign(string Id, string Name, IReadOnlyList<Ad> Ads);

/// <summary>The content of the configuration znode.</summary>
internal sealed record CampaignList(IReadOnlyList<Campaign>? Campaigns);
