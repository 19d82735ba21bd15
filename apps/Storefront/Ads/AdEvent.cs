namespace Storefront.Ads;

/// <summary>What happened to an ad.</summary>
internal enum AdEventKind : byte
{
    Impression,
    Click,
}

/// <summary>An ad was seen or clicked: one record of the topic <c>ad-events</c>.</summary>
/// <param name="Campaign">The ad's campaign at that moment, so that later changes of the configuration do not move old clicks.</param>
/// <param name="Position">Place on the page, from 1.</param>
/// <param name="At">Event time, in UTC.</param>
internal readonly record struct AdEvent(AdEventKind Kind, string Ad, string Campaign, int Position, string Visitor, DateTimeOffset At);
