namespace Freshet.Coordination.Tree;

/// <summary>
/// Where a quota is kept: the quota of <c>/app</c> has its limits in <c>/zookeeper/quota/app/zookeeper_limits</c> and shows what is
/// used in <c>/zookeeper/quota/app/zookeeper_stats</c>.
/// </summary>
internal static class QuotaPath
{
    public const string Root = "/zookeeper/quota";
    private const string LimitsName = "/zookeeper_limits";
    private const string StatsName = "/zookeeper_stats";

    /// <summary>Whether the path is one of quotas; almost none is, so this comes first.</summary>
    public static bool IsInside(ReadOnlySpan<char> path) => path.StartsWith(Root) && path.Length > Root.Length && path[Root.Length] == '/';

    /// <summary>The path that the limits or stats znode speaks of; empty when the path is neither, or of what cannot have a quota.</summary>
    public static ReadOnlySpan<char> Target(ReadOnlySpan<char> path, out bool isLimits)
    {
        isLimits = path.EndsWith(LimitsName);
        int tail = isLimits ? LimitsName.Length : path.EndsWith(StatsName) ? StatsName.Length : path.Length;
        // The server's own znodes have no quota: counting would change what is counted.
        return path.Length - tail <= Root.Length || path[Root.Length..^tail] is var target && (target is "/zookeeper" || target.StartsWith("/zookeeper/"))
            ? default
            : target;
    }

    public static string Stats(string target) => Root + target + StatsName;
}
