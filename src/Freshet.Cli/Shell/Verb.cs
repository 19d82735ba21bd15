namespace Freshet.Cli.Shell;

/// <summary>Does what a verb says.</summary>
internal delegate ValueTask<Answer> VerbAction(ShellSession session, VerbArguments arguments, CancellationToken cancellation);

/// <summary>One verb of the shell.</summary>
/// <param name="Name">As typed; letter case does not matter.</param>
/// <param name="Usage">What follows the name.</param>
/// <param name="Summary">One line of help.</param>
/// <param name="Run">Does it.</param>
internal sealed record Verb(string Name, string Usage, string Summary, VerbAction Run)
{
    /// <summary>Letters of options that stand alone.</summary>
    public string Flags { get; init; } = "";

    /// <summary>Letters of options that a value follows.</summary>
    public string Values { get; init; } = "";

    /// <summary>Words needed beside the options.</summary>
    public int Min { get; init; }

    /// <summary>Words allowed beside the options.</summary>
    public int Max { get; init; }

    /// <summary>Whether the first word is the path of a znode.</summary>
    public bool TakesPath => Min > 0 && Usage.Contains("PATH", StringComparison.Ordinal);

    /// <summary>How the whole line is written.</summary>
    public string Line => Usage.Length == 0 ? Name : $"{Name} {Usage}";
}
