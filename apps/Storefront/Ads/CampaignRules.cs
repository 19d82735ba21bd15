using System.Buffers;

namespace Storefront.Ads;

/// <summary>What campaigns must look like. People edit them by hand while the shop runs, so that each message says what is wrong where.</summary>
internal static class CampaignRules
{
    /// <summary>Each ad costs a counter per window; this many is far more than a page shows.</summary>
    public const int MaxAds = 200;

    private const int LongestId = 40;
    private const int LongestText = 160;

    private static readonly SearchValues<char> IdCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    /// <exception cref="FormatException">The campaigns cannot be used; the message says why.</exception>
    public static void Check(IReadOnlyList<Campaign>? campaigns)
    {
        foreach (Campaign campaign in campaigns ?? throw new FormatException("The campaigns need a list \"campaigns\"."))
        {
            Check(campaign);
        }

        string[] ads = [.. campaigns.SelectMany(campaign => campaign.Ads).Select(ad => ad.Id)];
        RequireUnique("campaign", campaigns.Select(campaign => campaign.Id));
        RequireUnique("ad", ads);
        if (ads.Length > MaxAds)
        {
            throw new FormatException($"There are {ads.Length} ads; at most {MaxAds} are possible.");
        }
    }

    private static void Check(Campaign? campaign)
    {
        RequireId("campaign", campaign?.Id);
        RequireText($"name of campaign {campaign!.Id}", campaign.Name);
        foreach (Ad ad in campaign.Ads ?? throw new FormatException($"Campaign {campaign.Id} needs a list \"ads\"."))
        {
            RequireId("ad", ad?.Id);
            RequireText($"title of ad {ad!.Id}", ad.Title);
            RequireText($"text of ad {ad.Id}", ad.Text);
            RequireText($"product of ad {ad.Id}", ad.Product);
            if (!Ad.Tones.Contains(ad.Tone))
            {
                throw new FormatException($"The tone of ad {ad.Id} must be one of {string.Join(", ", Ad.Tones)}.");
            }
        }
    }

    private static void RequireId(string what, string? id)
    {
        if (id is not { Length: > 0 and <= LongestId } || id.AsSpan().ContainsAnyExcept(IdCharacters))
        {
            throw new FormatException($"Every {what} needs an \"id\" of 1 to {LongestId} lower-case letters, digits and hyphens, unlike \"{id}\".");
        }
    }

    private static void RequireText(string what, string? text)
    {
        if (text is not { Length: > 0 and <= LongestText })
        {
            throw new FormatException($"The {what} must have 1 to {LongestText} characters.");
        }
    }

    private static void RequireUnique(string what, IEnumerable<string> ids)
    {
        if (ids.CountBy(id => id).FirstOrDefault(entry => entry.Value > 1).Key is string twice)
        {
            throw new FormatException($"There are two {what}s with the id {twice}.");
        }
    }
}
