using System.CommandLine;

namespace Freshet.Cli.Kafka;

/// <summary>A topic or group that a command is about, given as a word or by the option that Kafka's tools have for it.</summary>
internal sealed class NameArgument
{
    private readonly Argument<string[]> _words;
    private readonly Option<string[]> _option;
    private readonly string _what;

    public NameArgument(string what, string option)
    {
        _what = what;
        _words = new Argument<string[]>(what) { Description = $"Name of the {what}; --{what} NAME does too.", Arity = ArgumentArity.ZeroOrMore };
        _option = new Option<string[]>(option) { Description = $"Name of the {what}.", Hidden = true };
    }

    public void AddTo(Command command)
    {
        command.Add(_words);
        command.Add(_option);
    }

    public string[] All(ParseResult parsed) => [.. (parsed.GetValue(_words) ?? []).Concat(parsed.GetValue(_option) ?? []).Distinct()];

    /// <exception cref="CommandFailure">None is given.</exception>
    public string[] Some(ParseResult parsed) => All(parsed) is { Length: > 0 } names ? names : throw new CommandFailure($"name a {_what}");

    /// <exception cref="CommandFailure">None or several are given.</exception>
    public string One(ParseResult parsed) => All(parsed) is [var name] ? name : throw new CommandFailure($"name one {_what}");
}
