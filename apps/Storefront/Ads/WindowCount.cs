namespace Storefront.Ads;

/// <summary>What an ad or a campaign gathered in one window so far. A later count of the same window replaces an earlier one.</summary>
/// <param name="Key">Id of the ad or campaign.</param>
/// <param name="Start">Start of the window, in event time.</param>
/// <param name="IsFinal">Whether the watermark has passed the window: nothing will be added.</param>
internal readonly record struct WindowCount(string Key, DateTimeOffset Start, AdCount Count, bool IsFinal);

/// <summary>What an ad or a campaign gathered since the first event.</summary>
internal readonly record struct TotalCount(string Key, AdCount Count);
