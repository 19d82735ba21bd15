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

    /// <param name="list">What the configuration says; null when there is none: then there are no ads.</param>
    /// <param name="fault">Why the configuration could not be read; null when it could.</param>
    public void Use(CampaignList? list, string? fault)
    {
        try
        {
            if (fault is not null)
            {
                throw new FormatException(fault);
            }

            AdCampaigns campaigns = list is null ? AdCampaigns.Empty : new AdCampaigns(list.Campaigns);
            Volatile.Write(ref _current, campaigns);
            Volatile.Write(ref _problem, null);
            StorefrontLog.CampaignsChanged(log, campaigns.Campaigns.Count, campaigns.Ads.Count);
        }
        catch (FormatException wrong)
        {
            Volatile.Write(ref _problem, $"The new campaigns cannot be used, the previous ones stay. {wrong.Message}");
            StorefrontLog.CampaignsRejected(log, wrong.Message);
        }

        Interlocked.Increment(ref _version);
    }
}
