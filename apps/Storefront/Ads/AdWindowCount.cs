namespace Storefront.Ads;

/// <summary>What one ad gathered in one window so far. Later counts of the same ad and window replace earlier ones.</summary>
/// <param name="Window">Start of the window, in event time.</param>
/// <param name="IsFinal">Whether the watermark has passed the window: nothing will be added.</param>
internal readonly record struct AdWindowCount(string Ad, DateTimeOffset Window, AdCount Count, bool IsFinal);
