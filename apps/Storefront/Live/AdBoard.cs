using Storefront.Ads;

namespace Storefront.Live;

/// <summary>
/// The newest window counts of every ad: written by the ad topology, read by the live page. Thread-safe; keeps the last
/// <see cref="MostWindows"/> windows.
/// </summary>
internal sealed class AdBoard
{
    /// <summary>Two minutes of 10-second windows: what the page draws.</summary>
    public const int MostWindows = 12;

    private readonly Lock _lock = new();
    private readonly SortedDictionary<DateTimeOffset, Dictionary<string, AdWindowCount>> _windows = [];
    private readonly Dictionary<string, AdCount> _totals = new(StringComparer.Ordinal);
    private long _version;
    private long _late;
    private long _unreadable;

    /// <summary>Grows with every change.</summary>
    public long Version => Volatile.Read(ref _version);

    /// <summary>Events that came after their window was final.</summary>
    public long Late => Volatile.Read(ref _late);

    /// <summary>Records on the topic that were no ad events.</summary>
    public long Unreadable => Volatile.Read(ref _unreadable);

    public void Set(in AdWindowCount count)
    {
        lock (_lock)
        {
            if (!_windows.TryGetValue(count.Window, out Dictionary<string, AdWindowCount>? window))
            {
                _windows.Add(count.Window, window = new(StringComparer.Ordinal));
            }

            // A running count may arrive behind the final one; the final one stays.
            if (!window.TryGetValue(count.Ad, out AdWindowCount known) || count.IsFinal || !known.IsFinal)
            {
                window[count.Ad] = count;
            }

            while (_windows.Count > MostWindows)
            {
                _windows.Remove(_windows.Keys.First());
            }

            _version++;
        }
    }

    /// <summary>Sets an ad's count since the first event ever.</summary>
    public void SetTotal(string ad, AdCount total)
    {
        lock (_lock)
        {
            _totals[ad] = total;
            _version++;
        }
    }

    public void SetLate(long late)
    {
        Volatile.Write(ref _late, late);
        Interlocked.Increment(ref _version);
    }

    public void CountUnreadable()
    {
        Interlocked.Increment(ref _unreadable);
        Interlocked.Increment(ref _version);
    }

    /// <summary>The windows kept, oldest first.</summary>
    public IReadOnlyList<AdWindowCounts> Windows()
    {
        lock (_lock)
        {
            return [.. _windows.Select(window => new AdWindowCounts(window.Key, new Dictionary<string, AdWindowCount>(window.Value)))];
        }
    }

    public IReadOnlyDictionary<string, AdCount> Totals()
    {
        lock (_lock)
        {
            return new Dictionary<string, AdCount>(_totals);
        }
    }
}
