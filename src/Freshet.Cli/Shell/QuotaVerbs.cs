using System.Globalization;
using System.Text;
using Freshet.Coordination.Client;
using Freshet.Protocol.Jute;

namespace Freshet.Cli.Shell;

/// <summary>Verbs for quotas. They are znodes below /zookeeper/quota: the limits a client writes, the usage the server keeps.</summary>
internal static class QuotaVerbs
{
    private const string Root = "/zookeeper/quota";
    private const string LimitsName = "/zookeeper_limits";
    private const string UsageName = "/zookeeper_stats";

    /// <summary>The option letters of zkCli and what each limits.</summary>
    private static readonly (char Letter, string Key)[] Limits = [('n', "count"), ('b', "bytes"), ('N', "countHardLimit"), ('B', "byteHardLimit")];

    public static IEnumerable<Verb> All { get; } =
    [
        new("setquota", "[-n COUNT] [-b BYTES] [-N COUNT] [-B BYTES] PATH", "Limit a subtree; -n and -b only warn in the server's log, -N and -B refuse.", SetAsync)
        {
            Values = "nbNB", Min = 1, Max = 1,
        },
        new("listquota", "PATH", "Show limits and usage.", ListAsync) { Min = 1, Max = 1 },
        new("delquota", "[-n] [-b] [-N] [-B] PATH", "Take limits away; without options all of them.", DeleteAsync) { Flags = "nbNB", Min = 1, Max = 1 },
    ];

    private static async ValueTask<Answer> SetAsync(ShellSession session, VerbArguments arguments, CancellationToken cancellation)
    {
        if (Limits.All(limit => arguments.Value(limit.Letter) is null))
        {
            throw arguments.Misused("Say what to limit.");
        }

        string path = arguments.Path;
        if (await session.Client.ExistsAsync(path, cancellation: cancellation) is null)
        {
            throw new CoordinationException(ErrorCode.NoNode, "setquota", path);
        }

        await RefuseNestingAsync(session.Client, path, cancellation);
        Dictionary<string, long> limits = await ReadAsync(session.Client, path, LimitsName, cancellation) ?? [];
        foreach ((char letter, string key) in Limits)
        {
            limits[key] = arguments.Number(letter, limits.GetValueOrDefault(key, -1));
        }

        await session.Client.CreatePathAsync(Root + path, cancellation);
        await PutAsync(session.Client, Root + path + LimitsName, Format(limits), cancellation);
        // The server fills this in; a server that does not know the quota yet needs it to be there.
        await PutIfMissingAsync(session.Client, Root + path + UsageName, "count=0,bytes=0", cancellation);
        return new Answer("", new { path, limits });
    }

    private static async ValueTask<Answer> ListAsync(ShellSession session, VerbArguments arguments, CancellationToken cancellation)
    {
        Dictionary<string, long> limits = await ReadAsync(session.Client, arguments.Path, LimitsName, cancellation)
            ?? throw new ShellException($"{arguments.Path} has no quota.");
        Dictionary<string, long> usage = await ReadAsync(session.Client, arguments.Path, UsageName, cancellation) ?? [];
        return new Answer($"limits {Show(limits)}\nusage  {Show(usage)}", new { path = arguments.Path, limits, usage });
    }

    private static async ValueTask<Answer> DeleteAsync(ShellSession session, VerbArguments arguments, CancellationToken cancellation)
    {
        string path = arguments.Path;
        Dictionary<string, long> limits = await ReadAsync(session.Client, path, LimitsName, cancellation) ?? throw new ShellException($"{path} has no quota.");
        bool all = Limits.All(limit => !arguments.Has(limit.Letter));
        foreach ((char letter, string key) in Limits)
        {
            limits[key] = all || arguments.Has(letter) ? -1 : limits.GetValueOrDefault(key, -1);
        }

        if (limits.Values.Any(limit => limit >= 0))
        {
            await PutAsync(session.Client, Root + path + LimitsName, Format(limits), cancellation);
        }
        else
        {
            await session.Client.DeleteAsync(Root + path + LimitsName, cancellation: cancellation);
            await session.Client.DeleteAsync(Root + path + UsageName, cancellation: cancellation);
        }

        return new Answer("", new { path });
    }

    /// <summary>As zkCli: one quota on the way from the root to any leaf.</summary>
    private static async Task RefuseNestingAsync(CoordinationClient client, string path, CancellationToken cancellation)
    {
        for (int slash = path.LastIndexOf('/'); slash > 0; slash = path.LastIndexOf('/', slash - 1))
        {
            if (await client.ExistsAsync(Root + path[..slash] + LimitsName, cancellation: cancellation) is not null)
            {
                throw new ShellException($"{path[..slash]} has a quota already, and quotas do not nest.");
            }
        }
    }

    private static async Task<Dictionary<string, long>?> ReadAsync(CoordinationClient client, string path, string name, CancellationToken cancellation)
    {
        try
        {
            ZnodeData znode = await client.GetDataAsync(Root + path + name, cancellation: cancellation);
            return Encoding.UTF8.GetString(znode.Data ?? []).Split([',', ';'], StringSplitOptions.RemoveEmptyEntries)
                .Select(part => part.Split('='))
                .ToDictionary(part => part[0], part => long.Parse(part[1], CultureInfo.InvariantCulture), StringComparer.Ordinal);
        }
        catch (CoordinationException missing) when (missing.Error == ErrorCode.NoNode)
        {
            return null;
        }
    }

    /// <summary>The sign "=" before ";" has no meaning; parsers of releases before 3.7 need it.</summary>
    private static string Format(Dictionary<string, long> limits)
    {
        string soft = $"count={Limit(limits, "count")},bytes={Limit(limits, "bytes")}";
        return $"{soft}=;byteHardLimit={Limit(limits, "byteHardLimit")};countHardLimit={Limit(limits, "countHardLimit")}";
    }

    private static string Limit(Dictionary<string, long> limits, string key) => limits.GetValueOrDefault(key, -1).ToString(CultureInfo.InvariantCulture);

    private static string Show(Dictionary<string, long> numbers) =>
        string.Join(", ", numbers.Where(number => number.Value >= 0).Select(number => string.Create(CultureInfo.InvariantCulture, $"{number.Key} {number.Value:N0}")));

    private static async Task PutAsync(CoordinationClient client, string path, string text, CancellationToken cancellation)
    {
        if (!await PutIfMissingAsync(client, path, text, cancellation))
        {
            await client.SetDataAsync(path, Encoding.UTF8.GetBytes(text), cancellation: cancellation);
        }
    }

    private static async Task<bool> PutIfMissingAsync(CoordinationClient client, string path, string text, CancellationToken cancellation)
    {
        try
        {
            await client.CreateAsync(path, Encoding.UTF8.GetBytes(text), cancellation: cancellation);
            return true;
        }
        catch (CoordinationException there) when (there.Error == ErrorCode.NodeExists)
        {
            return false;
        }
    }
}
