using System.Text.RegularExpressions;

namespace Freshet.Broker.Access;

/// <summary>
/// One of Kafka's rules that make a name of a certificate's subject: <c>DEFAULT</c> takes the subject as it is,
/// <c>RULE:pattern/replacement/</c> replaces a subject that the pattern fits as a whole, with <c>L</c> or <c>U</c> behind in small or capital letters.
/// </summary>
internal sealed class PrincipalRule
{
    private const string Default = "DEFAULT";
    private const string Prefix = "RULE:";

    // A pattern of the operator on a subject of the client: enough time for any sane pair, and an end to the others.
    private static readonly TimeSpan MaxTime = TimeSpan.FromMilliseconds(100);

    private readonly Regex? _pattern;
    private readonly string _replacement;
    private readonly char _letters;

    private PrincipalRule(Regex? pattern, string replacement, char letters) => (_pattern, _replacement, _letters) = (pattern, replacement, letters);

    /// <summary>Reads rules separated by commas.</summary>
    /// <exception cref="FormatException">A rule cannot be read.</exception>
    public static List<PrincipalRule> ParseAll(string text)
    {
        var rules = new List<PrincipalRule>();
        ReadOnlySpan<char> rest = text.AsSpan().Trim();
        while (rest.Length > 0)
        {
            rules.Add(Parse(ref rest, text));
            rest = rest.TrimStart();
            if (rest.Length > 0)
            {
                rest = rest[0] == ',' ? rest[1..].TrimStart() : throw Wrong(text);
            }
        }

        return rules.Count > 0 ? rules : [new PrincipalRule(null, "", ' ')];
    }

    /// <summary>The name that the rule makes of a subject; null when it does not fit.</summary>
    public string? Apply(string subject)
    {
        if (_pattern is null)
        {
            return subject;
        }

        Match match = _pattern.Match(subject);
        string? name = match.Success ? match.Result(_replacement) : null;
        return _letters switch
        {
            'L' => name?.ToLowerInvariant(),
            'U' => name?.ToUpperInvariant(),
            _ => name,
        };
    }

    private static PrincipalRule Parse(ref ReadOnlySpan<char> rest, string all)
    {
        if (rest.StartsWith(Default))
        {
            rest = rest[Default.Length..];
            return new PrincipalRule(null, "", ' ');
        }

        if (!rest.StartsWith(Prefix))
        {
            throw Wrong(all);
        }

        rest = rest[Prefix.Length..];
        string pattern = TakeUntilSlash(ref rest, all);
        string replacement = TakeUntilSlash(ref rest, all);
        char letters = rest is ['L' or 'U', ..] ? rest[0] : ' ';
        rest = letters == ' ' ? rest : rest[1..];
        try
        {
            return new PrincipalRule(new Regex($@"\A(?:{pattern})\z", RegexOptions.CultureInvariant, MaxTime), replacement, letters);
        }
        catch (ArgumentException wrong)
        {
            throw new FormatException($"The pattern '{pattern}' is no regular expression: {wrong.Message}", wrong);
        }
    }

    /// <summary>A slash of the pattern itself has a backslash before it.</summary>
    private static string TakeUntilSlash(ref ReadOnlySpan<char> rest, string all)
    {
        int end = 0;
        while (end < rest.Length && rest[end] != '/')
        {
            end += rest[end] == '\\' ? 2 : 1;
        }

        if (end >= rest.Length)
        {
            throw Wrong(all);
        }

        string taken = rest[..end].ToString();
        rest = rest[(end + 1)..];
        return taken.Replace(@"\/", "/", StringComparison.Ordinal);
    }

    private static FormatException Wrong(string all) =>
        new($"'{all}' must be DEFAULT or RULE:pattern/replacement/ (with L or U behind for small or capital letters), several separated by commas.");
}
