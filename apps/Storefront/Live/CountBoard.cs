using Storefront.Ads;

namespace Storefront.Live;

/// <summary>
/// The newest counts by key: written by a topology, read by the live page. Keeps the last <see cref="MaxWindows"/> windows. Thread-safe.
/// </summary>
internal sealed class CountBoard
{
    /// <summary>Two minutes of 10-second windows: what the page draws.</summary>
    public const int MaxWindows = 12;

    private readonly Lock _lock = new();
    private readonly SortedDictionary<DateTimeOffset, Dictionary<string, WindowCount>> _windows = [];
    private readonly Dictionary<string, AdCount> _totals = new(StringComparer.Ordinal);
    private long _version;

    /// <summary>Grows with every change.</summary>
    public long Version => Volatile.Read(ref _version);

    public void Set(WindowCount count)
    {
        lock (_lock)
        {
            if (!_windows.TryGetValue(count.Start, out Dictionary<string, WindowCount>? window))
            {
                _windows.Add(count.Start, window = new(StringComparer.Ordinal));
            }

            window[count.Key] = count;
            if (_windows.Count > MaxWindows)
            {
                _windows.Remove(_windows.Keys.First());
            }

            _version++;
        }
    }

    public void Set(TotalCount total)
    {
        lock (_lock)
        {
            _totals[total.Key] = total.Count;
            _version++;
        }
    }

    /// <summary>A copy of everything, at one moment.</summary>
    public Counts Read()
    {
        lock (_lock)
        {
            return new Counts(
                [.. _windows.Select(window => new WindowCounts(window.Key, new Dictionary<string, WindowCount>(window.Value)))],
                new Dictionary<string, AdCount>(_totals));
        }
    }
}

/// <param name="Windows">Oldest first.</param>
internal sealed record Counts(IReadOnlyList<WindowCounts> Windows, IReadOnlyDictionary<string, AdCount> Totals);

/// <summary>The counts of all keys in one window.</summary>
internal sealed record WindowCounts(DateTimeOffset Start, IReadOnlyDictionary<string, WindowCount> ByKey)
{
    public bool IsFinal => ByKey.Values.All(count => count.IsFinal);

    public AdCount Of(string key) => ByKey.GetValueOrDefault(key).Count;
}
