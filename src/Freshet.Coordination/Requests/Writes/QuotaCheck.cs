using Freshet.Coordination.Tree;
using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Requests.Writes;

/// <summary>Whether a write stays within the nearest quota. Passing a soft limit, or a hard one that is not enforced, is only logged.</summary>
/// <param name="enforce">Whether hard limits refuse writes.</param>
internal sealed class QuotaCheck(bool enforce, CoordinationLog log)
{
    /// <summary>Milliseconds between two warnings about one quota: an application beyond its limit writes on and on.</summary>
    private const long WarningInterval = 60_000;

    /// <param name="count">Znodes that the write adds.</param>
    /// <param name="bytes">Bytes of data that it adds. A write that takes some away always passes.</param>
    public ErrorCode Check(in PrepareContext context, ReadOnlySpan<char> path, int count, long bytes)
    {
        if (context.Pending.QuotaOf(path) is not Quota quota)
        {
            return ErrorCode.Ok;
        }

        QuotaLimits limits = quota.Limits;
        long newCount = quota.Count + quota.CountInFlight + count;
        long newBytes = quota.Bytes + quota.BytesInFlight + bytes;
        bool hard = (count > 0 && IsOver(newCount, limits.HardCount)) || (bytes > 0 && IsOver(newBytes, limits.HardBytes));
        bool soft = (count > 0 && IsOver(newCount, limits.Count)) || (bytes > 0 && IsOver(newBytes, limits.Bytes));
        if ((hard || soft) && context.At.Time - quota.WarnedAt >= WarningInterval)
        {
            quota.WarnedAt = context.At.Time;
            log.QuotaPassed(quota.Path, newCount, newBytes, limits, hard && enforce ? "refused" : "allowed");
        }

        return hard && enforce ? ErrorCode.QuotaExceeded : ErrorCode.Ok;
    }

    private static bool IsOver(long use, long limit) => limit >= 0 && use > limit;
}
