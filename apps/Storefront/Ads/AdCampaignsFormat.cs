using System.Buffers;
using System.Text.Json;

namespace Storefront.Ads;

/// <summary>
/// Campaigns as JSON, as they stand in the znode. People edit it by hand while the shop runs, so that reading it says
/// clearly what is wrong.
/// </summary>
internal static class AdCampaignsFormat
{
    /// <summary>Each ad costs a counter per window; this many is far more than a page shows.</summary>
    public const int MostAds = 200;

    private const int LongestId = 40;
    private const int LongestText = 160;

    private static readonly JsonSerializerOptions Indented = new(JsonSerializerOptions.Web) { WriteIndented = true };
    private static readonly SearchValues<char> IdCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    public static byte[] Write(AdCampaigns campaigns) => JsonSerializer.SerializeToUtf8Bytes(new Content(campaigns.Campaigns), Indented);

    /// <exception cref="FormatException">The content is no valid configuration; the message says where and why.</exception>
    public static AdCampaigns Read(ReadOnlySpan<byte> json)
    {
        try
        {
            return Read(JsonSerializer.Deserialize<JsonElement>(json));
        }
        catch (JsonException wrong)
        {
            throw new FormatException($"The campaigns are not valid JSON: {wrong.Message}", wrong);
        }
    }

    /// <exception cref="FormatException">As above.</exception>
    public static AdCampaigns Read(JsonElement json)
    {
        IReadOnlyList<Campaign> campaigns = json.Deserialize<Content>(JsonSerializerOptions.Web)?.Campaigns
            ?? throw new FormatException("The campaigns need a list \"campaigns\".");
        foreach (Campaign campaign in campaigns)
        {
            Check(campaign);
        }

        Ad[] ads = [.. campaigns.SelectMany(campaign => campaign.Ads)];
        RequireUnique("campaign", campaigns.Select(campaign => campaign.Id));
        RequireUnique("ad", ads.Select(ad => ad.Id));
        return ads.Length <= MostAds
            ? new AdCampaigns(campaigns)
            : throw new FormatException($"There are {ads.Length} ads; at most {MostAds} are possible.");
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

    private sealed record Content(IReadOnlyList<Campaign>? Campaigns);
}
