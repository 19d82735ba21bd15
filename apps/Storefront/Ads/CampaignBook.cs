using Storefront.Hosting;

namespace Storefront.Ads;

/// <summary>The campaigns that run now. A configuration that cannot be used is reported and changes nothing. Thread-safe.</summary>
internal sealed class CampaignBook(ILogger<CampaignBook> log)
{
    private AdCampaigns _current = AdCampaigns.Empty;
    private string? _problem;
    private long _version;

    public AdCampaigns Current => Volatile.Read(ref _current);

    /// <summary>Why the newest configuration is not used; null when it is.</summary>
    public string? Problem => Volatile.Read(ref _problem);

    /// <summary>Grows with every change.</summary>
    public long Version => Volatile.Read(ref _version);

    /// <param name="json">The content of the znode; null when somebody deleted it: then there are no ads.</param>
    public void Use(byte[]? json)
    {
        try
        {
            AdCampaigns campaigns = json is null ? AdCampaigns.Empty : AdCampaignsFormat.Read(json);
            Volatile.Write(ref _current, campaigns);
            Volatile.Write(ref _problem, null);
            StorefrontLog.CampaignsChanged(log, campaigns.Campaigns.Count, campaigns.Ads.Count);
        }
        catch (FormatException wrong)
        {
            Volatile.Write(ref _problem, wrong.Message);
            StorefrontLog.CampaignsRejected(log, wrong.Message);
        }

        Interlocked.Increment(ref _version);
    }
}
