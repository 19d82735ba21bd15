namespace Storefront.Live;

/// <summary>Everything the live page shows, as sent to the browser.</summary>
/// <param name="Now">Milliseconds since 1970.</param>
/// <param name="Windows">Windows of event time, oldest first; the last is still filling.</param>
/// <param name="Campaigns">Campaigns with their ads; counts stand in the order of <paramref name="Windows"/>.</param>
/// <param name="Problem">What somebody should look at, for example campaigns that cannot be used; null when all is well.</param>
internal sealed record LivePicture(
    bool Ready,
    long Now,
    LiveTraffic Traffic,
    IReadOnlyList<LiveWindow> Windows,
    IReadOnlyList<LiveCampaign> Campaigns,
    IReadOnlyList<LiveSeller> BestSellers,
    IReadOnlyList<LiveRevenue> Revenue,
    LiveReplay? Replay,
    string? Problem);

/// <param name="PerSecond">Ad events counted per second, measured.</param>
/// <param name="Chosen">Events per second that the generator was asked for.</param>
internal sealed record LiveTraffic(double PerSecond, int Chosen, long Events, long Late, long Unreadable);

/// <param name="Start">Milliseconds since 1970, in event time.</param>
internal sealed record LiveWindow(long Start, bool IsFinal);

internal sealed record LiveCampaign(string Id, string Name, LiveCounts Counts, IReadOnlyList<LiveAd> Ads);

internal sealed record LiveAd(string Id, string Title, LiveCounts Counts);

/// <param name="Windows">Pairs of impressions and clicks, one per window.</param>
/// <param name="Total">Impressions and clicks since the beginning.</param>
internal sealed record LiveCounts(IReadOnlyList<long[]> Windows, long[] Total);

internal sealed record LiveSeller(string Code, string Name, string Icon, long Quantity, decimal Revenue);

internal sealed record LiveRevenue(long Start, decimal Revenue, bool IsFinal);

/// <summary>How far the replay of an invoice log is.</summary>
/// <param name="EventTime">Time of the newest row sent, milliseconds since 1970; null before the first.</param>
/// <param name="Problem">Why the replay ended before its time; null when it did not.</param>
/// <param name="FirstRejected">The first rows that could not be understood.</param>
internal sealed record LiveReplay(
    long Rows, long Rejected, long? EventTime, bool IsDone, string? Problem, IReadOnlyList<LiveRejectedRow> FirstRejected);

internal sealed record LiveRejectedRow(long Line, string Reason);
