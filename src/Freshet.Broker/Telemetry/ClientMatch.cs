using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Freshet.Broker.Telemetry;

/// <summary>Which clients a subscription is for: <c>attribute=pattern,...</c>, all of which must fit; nothing fits every client.</summary>
internal sealed class ClientMatch
{
    private readonly Dictionary<string, Regex> _patterns = [];

    /// <summary>Reads the patterns; false when one cannot be read, which is then told.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out ClientMatch? match, [NotNullWhen(false)] out string? wrong)
    {
        match = new ClientMatch();
        foreach (string pattern in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!match.TryAdd(pattern))
            {
                (match, wrong) = (null, pattern);
                return false;
            }
        }

        wrong = null;
        return true;
    }

    public bool Fits(ClientDescription client) => _patterns.All(pattern => client.Of(pattern.Key) is { } value && pattern.Value.IsMatch(value));

    private bool TryAdd(string pattern)
    {
        string[] parts = pattern.Split('=', StringSplitOptions.TrimEntries);
        if (parts is not [var attribute, { Length: > 0 } expression] || !ClientDescription.Attributes.Contains(attribute))
        {
            return false;
        }

        try
        {
            // Read alone first: what only becomes a pattern by the brackets around it is none.
            _ = new Regex(expression, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            _patterns[attribute] = new Regex($@"\A(?:{expression})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            return true;
        }
        catch (Exception unreadable) when (unreadable is ArgumentException or NotSupportedException)
        {
            return false;
        }
    }
}
