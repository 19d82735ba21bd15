using System.Text;
using Freshet.Coordination.Client;

namespace Freshet.Cli.Shell;

/// <summary>Verbs about the session, its watches and the shell itself.</summary>
internal static class SessionVerbs
{
    public static IEnumerable<Verb> All { get; } =
    [
        new("addauth", "SCHEME CREDENTIALS", "Prove an identity, such as: addauth digest user:password.", AddAuthAsync) { Min = 2, Max = 2 },
        new("whoami", "", "Show the identities of this session.", WhoAmIAsync),
        new("addWatch", "[-m persistent|persistentRecursive] PATH", "Report every change of a znode; recursive (the default) below it too.", AddWatchAsync)
        {
            Values = "m", Min = 1, Max = 1,
        },
        new("removewatches", "PATH", "Stop what addWatch began.", RemoveWatchesAsync) { Min = 1, Max = 1 },
        new("printwatches", "[on|off]", "Show or hide watch events.", PrintWatchesAsync) { Max = 1 },
        new("connect", "HOST:PORT[,...]", "Open a new session elsewhere.", ConnectAsync) { Min = 1, Max = 1 },
        new("close", "", "End the session.", CloseAsync),
        new("config", "[-s]", "Show the ensemble's configuration.", ConfigAsync) { Flags = "s" },
        new("history", "", "Show the lines typed before.", HistoryAsync),
        new("version", "", "Show the version of this shell.", VersionAsync),
        new("help", "[VERB]", "Show the verbs, or how one is written.", HelpAsync) { Max = 1 },
        new("quit", "", "End the session and leave.", QuitAsync),
    ];

    private static async ValueTask<Answer> AddAuthAsync(ShellSession session, VerbArguments arguments, CancellationToken cancellation)
    {
        await session.Client.AddAuthAsync(arguments.Word(0)!, Encoding.UTF8.GetBytes(arguments.Word(1)!), cancellation);
        return Answer.Nothing;
    }

    private static async ValueTask<Answer> WhoAmIAsync(ShellSession session, VerbArguments arguments, CancellationToken cancellation)
    {
        IReadOnlyList<ClientIdentity> identities = await session.Client.WhoAmIAsync(cancellation);
        return new Answer(string.Join('\n', identities.Select(identity => $"{identity.Scheme}: {identity.User}")), new { identities });
    }

    private static ValueTask<Answer> AddWatchAsync(ShellSession session, VerbArguments arguments, CancellationToken cancellation)
    {
        session.Watches.Follow(session.Client, arguments.Path, arguments.Value('m')?.ToUpperInvariant() switch
        {
            null or "PERSISTENTRECURSIVE" => AddWatchMode.PersistentRecursive,
            "PERSISTENT" => AddWatchMode.Persistent,
            _ => throw arguments.Misused("There are two modes."),
        });
        return ValueTask.FromResult(Answer.Nothing);
    }

    private static async ValueTask<Answer> RemoveWatchesAsync(ShellSession session, VerbArguments arguments, CancellationToken cancellation)
    {
        if (!await session.Watches.StopAsync(arguments.Path))
        {
            throw new ShellException($"{arguments.Path} has no watch of addWatch.");
        }

        return Answer.Nothing;
    }

    private static ValueTask<Answer> PrintWatchesAsync(ShellSession session, VerbArguments arguments, CancellationToken cancellation)
    {
        session.Watches.AreShown = arguments.Word(0) switch
        {
            null => session.Watches.AreShown,
            "on" => true,
            "off" => false,
            _ => throw arguments.Misused("It is on or off."),
        };
        return ValueTask.FromResult(new Answer($"printwatches is {(session.Watches.AreShown ? "on" : "off")}", new { printwatches = session.Watches.AreShown }));
    }

    private static async ValueTask<Answer> ConnectAsync(ShellSession session, VerbArguments arguments, CancellationToken cancellation)
    {
        await session.ConnectAsync(arguments.Word(0)!, cancellation);
        return Answer.Nothing;
    }

    private static async ValueTask<Answer> CloseAsync(ShellSession session, VerbArguments arguments, CancellationToken cancellation)
    {
        await session.CloseAsync();
        return Answer.Nothing;
    }

    private static async ValueTask<Answer> ConfigAsync(ShellSession session, VerbArguments arguments, CancellationToken cancellation)
    {
        const string Path = "/zookeeper/config";
        ZnodeData znode = await session.Client.GetDataAsync(Path, cancellation: cancellation);
        string text = ZnodeText.Data(znode.Data);
        return new Answer(arguments.Has('s') ? $"{text}\n{ZnodeText.Show(znode.Stat)}" : text, ZnodeText.ForJson(Path, znode));
    }

    private static ValueTask<Answer> HistoryAsync(ShellSession session, VerbArguments arguments, CancellationToken cancellation) =>
        ValueTask.FromResult(new Answer(string.Join('\n', session.History.Select((line, number) => $"{number} - {line}")), new { lines = session.History }));

    private static ValueTask<Answer> VersionAsync(ShellSession session, VerbArguments arguments, CancellationToken cancellation)
    {
        string version = typeof(SessionVerbs).Assembly.GetName().Version!.ToString(3);
        return ValueTask.FromResult(new Answer($"freshet {version}", new { version }));
    }

    private static ValueTask<Answer> HelpAsync(ShellSession session, VerbArguments arguments, CancellationToken cancellation)
    {
        Verb[] verbs = arguments.Word(0) is string name ? [VerbTable.Find(name)] : [.. VerbTable.All];
        int width = verbs.Max(verb => verb.Line.Length);
        return ValueTask.FromResult(new Answer(
            string.Join('\n', verbs.Select(verb => $"{verb.Line.PadRight(width)}  {verb.Summary}")),
            new { verbs = verbs.Select(verb => new { verb.Name, verb.Usage, verb.Summary }) }));
    }

    private static ValueTask<Answer> QuitAsync(ShellSession session, VerbArguments arguments, CancellationToken cancellation)
    {
        session.IsOver = true;
        return ValueTask.FromResult(Answer.Nothing);
    }
}
