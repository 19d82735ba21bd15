using Storefront.Ads;
using Storefront.Catalogue;

namespace Storefront.Visitors;

/// <summary>
/// Many simulated visits at once, one action at a time. The same seed, campaigns and times give the same actions.
/// Most events are on time, some arrive out of order, a few arrive too late for their window.
/// </summary>
internal sealed class VisitorTraffic
{
    /// <summary>Visits in progress; enough that the actions of one visitor are far apart.</summary>
    private const int Visitors = 40;

    private const double OutOfOrder = 0.1;
    private const double TooLate = 0.002;

    /// <summary>Out-of-order events stay inside this, and the analytics waits longer than that.</summary>
    private static readonly TimeSpan MaxDisorder = TimeSpan.FromSeconds(1.5);

    private readonly IEnumerator<VisitorAction>[] _visits;
    private readonly ProductCatalogue _catalogue;
    private readonly ZipfDistribution _popularity;
    private readonly Random _random;
    private AdCampaigns _campaigns = AdCampaigns.Empty;
    private long _visitors;

    public VisitorTraffic(ProductCatalogue catalogue, int seed)
    {
        _catalogue = catalogue;
        _popularity = new ZipfDistribution(catalogue.Products.Count, exponent: 1.0);
        _random = new Random(seed);
        _visits = [.. Enumerable.Range(0, Visitors).Select(_ => NewVisit())];
    }

    /// <summary>The next action of some visitor, with an event time at or before <paramref name="now"/>.</summary>
    public VisitorAction Next(AdCampaigns campaigns, DateTimeOffset now)
    {
        _campaigns = campaigns;
        while (true)
        {
            int index = _random.Next(_visits.Length);
            if (_visits[index].MoveNext())
            {
                return _visits[index].Current is MeetAd met ? met with { Event = met.Event with { At = now - Delay() } } : _visits[index].Current;
            }

            _visits[index] = NewVisit();
        }
    }

    private IEnumerator<VisitorAction> NewVisit() =>
        new Visit($"visitor-{++_visitors}", _catalogue, _popularity, () => _campaigns, _random).Actions().GetEnumerator();

    private TimeSpan Delay() => _random.NextDouble() switch
    {
        < TooLate => TimeSpan.FromSeconds(15 + (25 * _random.NextDouble())),
        < TooLate + OutOfOrder => MaxDisorder * _random.NextDouble(),
        _ => TimeSpan.Zero,
    };
}
