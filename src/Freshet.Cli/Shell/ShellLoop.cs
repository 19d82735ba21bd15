namespace Freshet.Cli.Shell;

/// <summary>Reads lines and runs them until the input is over: from a terminal with editing, else plainly, so that scripts can be piped in.</summary>
internal sealed class ShellLoop(ShellSession session, string server)
{
    /// <returns>0, or 1 when a line of a script failed.</returns>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        bool isTerminal = !Console.IsInputRedirected && !Console.IsOutputRedirected;
        bool allWorked = true;
        while (!session.IsOver && !stop.IsCancellationRequested && await NextAsync(isTerminal, stop) is string line)
        {
            if (line.Trim() is { Length: > 0 } text && !text.StartsWith('#'))
            {
                session.History.Add(text);
                allWorked &= await RunAsync(text, stop);
            }
        }

        return allWorked || isTerminal ? 0 : 1;
    }

    private async Task<bool> RunAsync(string line, CancellationToken stop)
    {
        try
        {
            return await session.RunAsync(Words.Of(line), stop);
        }
        catch (ShellException unreadable)
        {
            await Console.Error.WriteLineAsync(unreadable.Message);
            return false;
        }
    }

    private async ValueTask<string?> NextAsync(bool isTerminal, CancellationToken stop) => isTerminal
        ? await new LineEditor(Console.Out, $"{server}> ", session.History, new Completion(session).OfAsync).ReadAsync()
        : await Console.In.ReadLineAsync(stop);
}
