using System.Globalization;

namespace Freshet.Cli.Shell;

/// <summary>What was typed behind a verb, sorted into options and words.</summary>
internal sealed class VerbArguments
{
    private readonly Verb _verb;
    private readonly HashSet<char> _flags = [];
    private readonly Dictionary<char, string> _values = [];
    private readonly List<string> _words = [];

    private VerbArguments(Verb verb) => _verb = verb;

    public int Count => _words.Count;

    /// <summary>The path, which most verbs begin with.</summary>
    public string Path => _words[0].StartsWith('/') ? _words[0] : throw new ShellException($"A path begins with '/', but this is '{_words[0]}'.");

    public static VerbArguments Read(Verb verb, ReadOnlySpan<string> words)
    {
        var arguments = new VerbArguments(verb);
        for (int i = 0; i < words.Length; i++)
        {
            string word = words[i];
            if (word is not ['-', char letter] || arguments._words.Count > 0 || char.IsDigit(letter))
            {
                arguments._words.Add(word);
            }
            else if (verb.Flags.Contains(letter, StringComparison.Ordinal))
            {
                arguments._flags.Add(letter);
            }
            else if (verb.Values.Contains(letter, StringComparison.Ordinal) && i + 1 < words.Length)
            {
                arguments._values[letter] = words[++i];
            }
            else
            {
                throw arguments.Misused($"Option {word} is not one of this verb, or its value is missing.");
            }
        }

        return arguments.Count >= verb.Min && arguments.Count <= verb.Max
            ? arguments
            : throw arguments.Misused(arguments.Count < verb.Min ? "Something is missing." : "There is too much on the line; put values with blanks in quotes.");
    }

    public bool Has(char flag) => _flags.Contains(flag);

    public string? Value(char letter) => _values.GetValueOrDefault(letter);

    public string? Word(int index) => _words.ElementAtOrDefault(index);

    public long Number(char letter, long otherwise)
    {
        if (Value(letter) is not string text)
        {
            return otherwise;
        }

        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw Misused($"'{text}' behind -{letter} is no number.");
    }

    public int Version(char letter) => (int)Number(letter, -1);

    public ShellException Misused(string why) => new($"{why} Write: {_verb.Line}");
}
