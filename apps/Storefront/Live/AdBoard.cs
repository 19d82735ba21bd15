namespace Storefront.Live;

/// <summary>What the ad topology has found out so far, for the live page. Thread-safe.</summary>
internal sealed class AdBoard
{
    private long _late;
    private long _unreadable;

    public CountBoard Ads { get; } = new();

    public CountBoard Campaigns { get; } = new();

    /// <summary>Events that came after their window was final.</summary>
    public long Late
    {
        get => Volatile.Read(ref _late);
        set => Volatile.Write(ref _late, value);
    }

    /// <summary>Records on the topic that were no ad events.</summary>
    public long Unreadable => Volatile.Read(ref _unreadable);

    /// <summary>Grows with every change.</summary>
    public long Version => Ads.Version + Campaigns.Version + Late + Unreadable;

    public void CountUnreadable() => Interlocked.Increment(ref _unreadable);
}
