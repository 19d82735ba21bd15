using System.Globalization;
using Freshet.Coordination.Client;
using Freshet.Protocol.Jute;

namespace Freshet.Cli.Shell;

/// <summary>Verbs that look at znodes.</summary>
internal static class ReadVerbs
{
    public static IEnumerable<Verb> All { get; } =
    [
        new("ls", "[-s] [-w] [-R] PATH", "List children; -s with the stat, -w watches them, -R everything below.", ListAsync) { Flags = "swR", Min = 1, Max = 1 },
        new("get", "[-s] [-w] PATH", "Show data; -s with the stat, -w watches it.", GetAsync) { Flags = "sw", Min = 1, Max = 1 },
        new("stat", "[-w] PATH", "Show the stat; -w watches the znode, also one that does not exist yet.", StatAsync) { Flags = "w", Min = 1, Max = 1 },
        new("getAcl", "[-s] PATH", "Show the access list; -s with the stat.", GetAclAsync) { Flags = "s", Min = 1, Max = 1 },
        new("getEphemerals", "[PATH]", "List this session's ephemeral znodes below a path.", GetEphemeralsAsync) { Max = 1 },
        new("getAllChildrenNumber", "PATH", "Count everything below.", CountAsync) { Min = 1, Max = 1 },
        new("sync", "PATH", "Wait until this server has all that was written before.", SyncAsync) { Min = 1, Max = 1 },
    ];

    private static async ValueTask<Answer> ListAsync(ShellSession session, VerbArguments arguments, CancellationToken cancellation)
    {
        string path = arguments.Path;
        if (arguments.Has('R'))
        {
            List<string> paths = await DescendAsync(session.Client, path, cancellation);
            return new Answer(string.Join('\n', paths), new { paths });
        }

        ZnodeWatch? watch = session.Watch(arguments.Has('w'));
        ZnodeChildren children = await session.Client.GetChildrenAsync(path, watch, cancellation);
        string[] names = [.. children.Names.Order(StringComparer.Ordinal)];
        string list = $"[{string.Join(", ", names)}]";
        return new Answer(arguments.Has('s') ? $"{list}\n{ZnodeText.Show(children.Stat)}" : list, new { path, children = names, stat = children.Stat });
    }

    private static async Task<List<string>> DescendAsync(CoordinationClient client, string path, CancellationToken cancellation)
    {
        List<string> found = [path];
        for (int next = 0; next < found.Count; next++)
        {
            try
            {
                ZnodeChildren children = await client.GetChildrenAsync(found[next], cancellation: cancellation);
                found.AddRange(children.Names.Select(name => ZnodeText.Child(found[next], name)));
            }
            catch (CoordinationException gone) when (gone.Error == ErrorCode.NoNode && next > 0)
            {
                // Deleted since its parent was read.
            }
        }

        found.Sort(StringComparer.Ordinal);
        return found;
    }

    private static async ValueTask<Answer> GetAsync(ShellSession session, VerbArguments arguments, CancellationToken cancellation)
    {
        ZnodeWatch? watch = session.Watch(arguments.Has('w'));
        ZnodeData znode = await session.Client.GetDataAsync(arguments.Path, watch, cancellation);
        string text = ZnodeText.Data(znode.Data);
        return new Answer(arguments.Has('s') ? $"{text}\n{ZnodeText.Show(znode.Stat)}" : text, ZnodeText.ForJson(arguments.Path, znode));
    }

    private static async ValueTask<Answer> StatAsync(ShellSession session, VerbArguments arguments, CancellationToken cancellation)
    {
        ZnodeWatch? watch = session.Watch(arguments.Has('w'));
        return await session.Client.ExistsAsync(arguments.Path, watch, cancellation) is Stat stat
            ? new Answer(ZnodeText.Show(stat), new { path = arguments.Path, stat })
            : throw new CoordinationException(ErrorCode.NoNode, "stat", arguments.Path);
    }

    private static async ValueTask<Answer> GetAclAsync(ShellSession session, VerbArguments arguments, CancellationToken cancellation)
    {
        ZnodeAcl acl = await session.Client.GetAclAsync(arguments.Path, cancellation);
        string text = string.Join('\n', acl.Entries.Select(entry => $"'{entry.Scheme},'{entry.Id}\n: {AclText.Show(entry.Permissions)}"));
        var entries = acl.Entries.Select(entry => new { entry.Scheme, entry.Id, permissions = AclText.Show(entry.Permissions) });
        return new Answer(arguments.Has('s') ? $"{text}\n{ZnodeText.Show(acl.Stat)}" : text, new { path = arguments.Path, acl = entries, stat = acl.Stat });
    }

    private static async ValueTask<Answer> GetEphemeralsAsync(ShellSession session, VerbArguments arguments, CancellationToken cancellation)
    {
        IReadOnlyList<string> paths = await session.Client.GetEphemeralsAsync(arguments.Word(0) ?? "/", cancellation);
        return new Answer($"[{string.Join(", ", paths)}]", new { paths });
    }

    private static async ValueTask<Answer> CountAsync(ShellSession session, VerbArguments arguments, CancellationToken cancellation)
    {
        int count = await session.Client.GetAllChildrenNumberAsync(arguments.Path, cancellation);
        return new Answer(count.ToString(CultureInfo.InvariantCulture), new { path = arguments.Path, count });
    }

    private static async ValueTask<Answer> SyncAsync(ShellSession session, VerbArguments arguments, CancellationToken cancellation)
    {
        await session.Client.SyncAsync(arguments.Path, cancellation);
        return new Answer("Sync is OK", new { path = arguments.Path });
    }
}
