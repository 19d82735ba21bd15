using System.Globalization;
using System.Text.Unicode;

namespace Freshet.Coordination.Tree;

/// <summary>The quota of a path and everything below it that has no nearer quota: its limits, and what is used of them.</summary>
internal sealed class Quota(string path)
{
    /// <summary>Room for both numbers at their longest.</summary>
    private const int StatsBytes = 64;

    public string Path => path;

    public QuotaLimits Limits { get; set; }

    /// <summary>Number of znodes.</summary>
    public long Count { get; private set; }

    /// <summary>Bytes of their data.</summary>
    public long Bytes { get; private set; }

    /// <summary>What the writes in flight will add to <see cref="Count"/>.</summary>
    public long CountInFlight { get; set; }

    /// <summary>What the writes in flight will add to <see cref="Bytes"/>.</summary>
    public long BytesInFlight { get; set; }

    /// <summary>When its passing was logged last, in milliseconds since the Unix epoch.</summary>
    public long WarnedAt { get; set; }

    /// <summary>The znode that shows what is used, if there is one.</summary>
    public Znode? Stats
    {
        get;
        set
        {
            field = value;
            Show(value, Count, Bytes);
        }
    }

    public void Use(long count, long bytes)
    {
        Count += count;
        Bytes += bytes;
        Show(Stats, Count, Bytes);
    }

    /// <summary>
    /// Brings a stats znode up to date. That is no transaction: every server counts for itself, and no watch hears of it. What
    /// clients write there is replaced, so that its data follows from the tree alone.
    /// </summary>
    public static void Show(Znode? stats, long count, long bytes)
    {
        Span<byte> text = stackalloc byte[StatsBytes];
        Utf8.TryWrite(text, CultureInfo.InvariantCulture, $"count={count},bytes={bytes}", out int length);
        stats?.SetData(text[..length], isNull: false);
    }
}
