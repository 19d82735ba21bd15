using System.CommandLine;
using System.CommandLine.Parsing;
using Freshet.Cli.Shell;
using Freshet.Coordination.Client;

namespace Freshet.Cli.Commands;

/// <summary><c>freshet zk</c>: zkCli's verbs against any ZooKeeper-compatible server, one on the command line or many in a shell.</summary>
internal static class ZkCommand
{
    public static Command Create()
    {
        var server = new Option<string>("--server") { Description = "HOST:PORT[,HOST:PORT...][/chroot]", DefaultValueFactory = _ => "127.0.0.1:2181" };
        var json = new Option<bool>("--json") { Description = "One JSON object per answer and event." };
        var timeout = new Option<int>("--session-timeout") { Description = "Session timeout in milliseconds.", DefaultValueFactory = _ => 30_000 };
        var patience = new Option<int>("--connect-timeout") { Description = "How long to look for a server, in milliseconds.", DefaultValueFactory = _ => 15_000 };
        var line = new Argument<string[]>("verb")
        {
            Description = "A verb and what belongs to it, such as: ls -s / ('help' lists them). Without it, a shell. Put options of freshet before it.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var command = new Command("zk", "Looks at and changes znodes, as zkCli does.") { server, json, timeout, patience, line };
        // What follows the verb is the verb's: "-s" there is no option of freshet.
        command.TreatUnmatchedTokensAsErrors = false;
        var tls = new ZkTlsFlags();
        tls.AddTo(command);
        var user = new ZkUserFlags();
        user.AddTo(command);
        command.SetAction((parsed, stop) => RunAsync(
            parsed.GetValue(server)!,
            () => new ShellSession(
                new CoordinationClientOptions
                {
                    SessionTimeout = TimeSpan.FromMilliseconds(parsed.GetValue(timeout)),
                    ConnectTimeout = TimeSpan.FromMilliseconds(parsed.GetValue(patience)),
                    Tls = tls.Read(parsed),
                    Credentials = user.Read(parsed),
                },
                parsed.GetValue(json), parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error),
            Words(parsed, line),
            parsed.InvocationConfiguration.Error,
            stop));
        return command;
    }

    /// <summary>The verb and all behind it, in the order typed.</summary>
    private static string[] Words(ParseResult parsed, Argument<string[]> line)
    {
        if (parsed.GetResult(line) is not { Tokens: [Token verb, ..] })
        {
            return [];
        }

        // By identity: an option's value may be the same word.
        return [.. parsed.Tokens.SkipWhile(token => !ReferenceEquals(token, verb)).Select(token => token.Value)];
    }

    private static async Task<int> RunAsync(string server, Func<ShellSession> open, string[] words, TextWriter errors, CancellationToken stop)
    {
        try
        {
            await using ShellSession session = open();
            await session.ConnectAsync(server, stop);
            return words.Length > 0 ? await OnceAsync(session, words, stop) : await new ShellLoop(session, server).RunAsync(stop);
        }
        catch (Exception failure) when (failure is CoordinationException or ArgumentException or InvalidDataException or IOException or UnauthorizedAccessException)
        {
            await errors.WriteLineAsync($"freshet: {failure.Message}");
            return 1;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 0;
        }
    }

    /// <summary>One verb; with a watch, until its events are over or the command is interrupted.</summary>
    private static async Task<int> OnceAsync(ShellSession session, string[] words, CancellationToken stop)
    {
        if (!await session.RunAsync(words, stop))
        {
            return 1;
        }

        await session.Watches.OverAsync().WaitAsync(stop);
        return 0;
    }
}
