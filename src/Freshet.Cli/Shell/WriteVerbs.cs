using System.Globalization;
using System.Text;
using Freshet.Coordination.Client;
using Freshet.Protocol.Jute;

namespace Freshet.Cli.Shell;

/// <summary>Verbs that change znodes.</summary>
internal static class WriteVerbs
{
    public static IEnumerable<Verb> All { get; } =
    [
        new("create", "[-s] [-e] [-c] [-t TTL] PATH [DATA] [ACL]", "Create a znode; -s numbered, -e ephemeral, -c container, -t removed when unused for so many milliseconds.", CreateAsync)
        {
            Flags = "sec", Values = "t", Min = 1, Max = 3,
        },
        new("set", "[-s] [-v VERSION] PATH DATA", "Replace data; -s shows the stat, -v only if the version is this.", SetAsync) { Flags = "s", Values = "v", Min = 2, Max = 2 },
        new("delete", "[-v VERSION] PATH", "Delete a znode without children.", DeleteAsync) { Values = "v", Min = 1, Max = 1 },
        new("deleteall", "PATH", "Delete a znode and everything below.", DeleteAllAsync) { Min = 1, Max = 1 },
        new("setAcl", "[-s] [-v VERSION] [-R] PATH ACL", "Replace the access list; -R below too.", SetAclAsync) { Flags = "sR", Values = "v", Min = 2, Max = 2 },
    ];

    private static async ValueTask<Answer> CreateAsync(ShellSession session, VerbArguments arguments, CancellationToken cancellation)
    {
        byte[]? data = arguments.Word(1) is string text ? Encoding.UTF8.GetBytes(text) : null;
        Acl[]? acl = arguments.Word(2) is string list ? AclText.Parse(list) : null;
        string created;
        if (arguments.Value('t') is null)
        {
            created = await session.Client.CreateAsync(arguments.Path, data, Mode(arguments), acl, cancellation);
        }
        else if (arguments.Has('e') || arguments.Has('c'))
        {
            throw arguments.Misused("Only persistent znodes have a time to live.");
        }
        else
        {
            var timeToLive = TimeSpan.FromMilliseconds(arguments.Number('t', 0));
            created = (await session.Client.CreateTtlAsync(
                arguments.Path, data, timeToLive, arguments.Has('s') ? CreateMode.PersistentSequentialTtl : CreateMode.PersistentTtl, acl, cancellation)).Path;
        }

        return new Answer($"Created {created}", new { path = created });
    }

    private static CreateMode Mode(VerbArguments arguments) => (arguments.Has('s'), arguments.Has('e'), arguments.Has('c')) switch
    {
        (false, false, false) => CreateMode.Persistent,
        (true, false, false) => CreateMode.PersistentSequential,
        (false, true, false) => CreateMode.Ephemeral,
        (true, true, false) => CreateMode.EphemeralSequential,
        (false, false, true) => CreateMode.Container,
        _ => throw arguments.Misused("A container is neither numbered nor ephemeral."),
    };

    private static async ValueTask<Answer> SetAsync(ShellSession session, VerbArguments arguments, CancellationToken cancellation)
    {
        Stat stat = await session.Client.SetDataAsync(arguments.Path, Encoding.UTF8.GetBytes(arguments.Word(1)!), arguments.Version('v'), cancellation);
        return new Answer(arguments.Has('s') ? ZnodeText.Show(stat) : "", new { path = arguments.Path, stat });
    }

    private static async ValueTask<Answer> DeleteAsync(ShellSession session, VerbArguments arguments, CancellationToken cancellation)
    {
        await session.Client.DeleteAsync(arguments.Path, arguments.Version('v'), cancellation);
        return new Answer("", new { path = arguments.Path });
    }

    private static async ValueTask<Answer> DeleteAllAsync(ShellSession session, VerbArguments arguments, CancellationToken cancellation)
    {
        int deleted = await DeleteTreeAsync(session.Client, arguments.Path, cancellation);
        return new Answer(string.Create(CultureInfo.InvariantCulture, $"Deleted {deleted:N0} znodes"), new { path = arguments.Path, deleted });
    }

    private static async Task<int> DeleteTreeAsync(CoordinationClient client, string path, CancellationToken cancellation)
    {
        int deleted = 0;
        foreach (string name in (await client.GetChildrenAsync(path, cancellation: cancellation)).Names)
        {
            deleted += await DeleteTreeAsync(client, ZnodeText.Child(path, name), cancellation);
        }

        await client.DeleteAsync(path, cancellation: cancellation);
        return deleted + 1;
    }

    private static async ValueTask<Answer> SetAclAsync(ShellSession session, VerbArguments arguments, CancellationToken cancellation)
    {
        Acl[] acl = AclText.Parse(arguments.Word(1)!);
        if (arguments.Has('R'))
        {
            foreach (string name in (await session.Client.GetChildrenAsync(arguments.Path, cancellation: cancellation)).Names)
            {
                await SetBelowAsync(session.Client, ZnodeText.Child(arguments.Path, name), acl, cancellation);
            }
        }

        Stat stat = await session.Client.SetAclAsync(arguments.Path, acl, arguments.Version('v'), cancellation);
        return new Answer(arguments.Has('s') ? ZnodeText.Show(stat) : "", new { path = arguments.Path, stat });
    }

    /// <summary>Children first: the new list may forbid to list them.</summary>
    private static async Task SetBelowAsync(CoordinationClient client, string path, Acl[] acl, CancellationToken cancellation)
    {
        foreach (string name in (await client.GetChildrenAsync(path, cancellation: cancellation)).Names)
        {
            await SetBelowAsync(client, ZnodeText.Child(path, name), acl, cancellation);
        }

        await client.SetAclAsync(path, acl, cancellation: cancellation);
    }
}
