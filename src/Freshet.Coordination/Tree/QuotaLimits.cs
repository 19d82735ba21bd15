using System.Globalization;
using System.Text;

namespace Freshet.Coordination.Tree;

/// <summary>The limits of a quota, as its limits znode states them. -1 means unlimited.</summary>
/// <param name="Count">Most znodes before a warning.</param>
/// <param name="Bytes">Most bytes of data before a warning.</param>
/// <param name="HardCount">Most znodes at all.</param>
/// <param name="HardBytes">Most bytes of data at all.</param>
internal readonly record struct QuotaLimits(long Count, long Bytes, long HardCount, long HardBytes)
{
    private const long Unlimited = -1;

    public static QuotaLimits None { get; } = new(Unlimited, Unlimited, Unlimited, Unlimited);

    /// <summary>
    /// Reads <c>count=N,bytes=M</c> and, behind it, <c>=;byteHardLimit=X;countHardLimit=Y</c>: the odd sign keeps old readers
    /// happy. What makes no sense limits nothing, because a typing error must not stop an application.
    /// </summary>
    public static QuotaLimits Parse(ReadOnlySpan<byte> text)
    {
        QuotaLimits limits = None;
        foreach (string field in Encoding.UTF8.GetString(text).Split([',', ';'], StringSplitOptions.TrimEntries))
        {
            if (field.Split('=') is not [string name, string number, ..]
                || !long.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long limit))
            {
                continue;
            }

            limits = name switch
            {
                "count" => limits with { Count = limit },
                "bytes" => limits with { Bytes = limit },
                "countHardLimit" => limits with { HardCount = limit },
                "byteHardLimit" => limits with { HardBytes = limit },
                _ => limits,
            };
        }

        return limits;
    }
}
