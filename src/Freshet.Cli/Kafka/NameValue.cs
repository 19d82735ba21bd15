namespace Freshet.Cli.Kafka;

/// <summary>Texts of the form NAME=VALUE.</summary>
internal static class NameValue
{
    /// <exception cref="CommandFailure">It has no equals sign.</exception>
    public static KeyValuePair<string, string> Parse(string text) => text.IndexOf('=') is > 0 and var at
        ? new(text[..at].Trim(), text[(at + 1)..].Trim())
        : throw new CommandFailure($"'{text}' is not of the form NAME=VALUE");

    /// <summary>Reads NAME=VALUE,NAME=VALUE; a value in square brackets may hold commas, as Kafka's tools have it.</summary>
    public static IEnumerable<KeyValuePair<string, string>> ParseList(string text)
    {
        int from = 0;
        int depth = 0;
        for (int at = 0; at <= text.Length; at++)
        {
            depth += at == text.Length ? 0 : text[at] switch { '[' => 1, ']' => -1, _ => 0 };
            if (at == text.Length || (text[at] == ',' && depth == 0))
            {
                (string name, string value) = Parse(text[from..at]);
                yield return new(name, value is ['[', .. var inner, ']'] ? inner : value);
                from = at + 1;
            }
        }
    }
}
