using Freshet.Coordination.Client;

namespace Freshet.Cli.Shell;

/// <summary>A session with a server, and the lines typed in it.</summary>
internal sealed class ShellSession : IAsyncDisposable
{
    private readonly CoordinationClientOptions _options;
    private readonly bool _asJson;
    private readonly TextWriter _output;
    private readonly TextWriter _errors;
    private readonly Lock _writing = new();
    private CoordinationClient? _client;

    public ShellSession(CoordinationClientOptions options, bool asJson, TextWriter output, TextWriter errors)
    {
        (_options, _asJson, _output, _errors) = (options, asJson, output, errors);
        Watches = new ShellWatches(Print);
    }

    /// <summary>The session's client.</summary>
    /// <exception cref="ShellException">The session was closed.</exception>
    public CoordinationClient Client => _client ?? throw new ShellException("There is no session; 'connect HOST:PORT' opens one.");

    public ShellWatches Watches { get; }

    /// <summary>Lines typed, oldest first.</summary>
    public List<string> History { get; } = [];

    /// <summary>Whether the shell is to end.</summary>
    public bool IsOver { get; set; }

    public async ValueTask ConnectAsync(string connectString, CancellationToken cancellation)
    {
        await CloseAsync();
        _options.ConnectString = connectString;
        _client = await CoordinationClient.ConnectAsync(_options, cancellation: cancellation);
    }

    public async ValueTask CloseAsync()
    {
        await Watches.StopAllAsync();
        if (_client is CoordinationClient client)
        {
            _client = null;
            await client.DisposeAsync();
        }
    }

    /// <summary>A watch whose event will be shown, or none.</summary>
    public ZnodeWatch? Watch(bool isWanted)
    {
        if (!isWanted)
        {
            return null;
        }

        var watch = new ZnodeWatch();
        Watches.ShowWhenFired(watch);
        return watch;
    }

    /// <summary>Does what a line says. Returns whether that worked; what did not was reported.</summary>
    public async ValueTask<bool> RunAsync(IReadOnlyList<string> words, CancellationToken cancellation)
    {
        try
        {
            Verb verb = VerbTable.Find(words[0]);
            Print(await verb.Run(this, VerbArguments.Read(verb, [.. words.Skip(1)]), cancellation));
            return true;
        }
        catch (Exception failure) when (failure is ShellException or CoordinationException or ArgumentException or FormatException)
        {
            lock (_writing)
            {
                _errors.WriteLine(failure.Message);
            }

            return false;
        }
    }

    public ValueTask DisposeAsync() => CloseAsync();

    private void Print(Answer answer)
    {
        string text = answer.Show(_asJson);
        if (text.Length > 0)
        {
            lock (_writing)
            {
                _output.WriteLine(text);
                _output.Flush();
            }
        }
    }
}
