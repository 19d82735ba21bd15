using System.Text.RegularExpressions;

namespace Freshet.Broker.Groups.Consumers;

/// <summary>
/// A pattern of topic names in RE2's syntax, which matches whole names. .NET's engine without backtracking takes, like RE2, time linear in
/// the name, and refuses what would not be (backreferences, lookarounds).
/// </summary>
internal sealed partial class TopicPattern
{
    // Patterns are written by people; a name has at most 249 letters.
    private const int MaxLength = 1024;

    private readonly Regex _regex;

    private TopicPattern(Regex regex) => _regex = regex;

    /// <summary>Reads a pattern; <paramref name="problem"/> tells what is wrong with one that cannot be used.</summary>
    public static TopicPattern? TryParse(string pattern, out string? problem)
    {
        try
        {
            problem = pattern.Length > MaxLength ? $"it is longer than {MaxLength} characters" : null;
            return problem is not null ? null : new TopicPattern(new Regex(
                $@"\A(?:{ToDotNet(pattern)})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)));
        }
        catch (Exception failure) when (failure is ArgumentException or NotSupportedException)
        {
            problem = failure.Message;
            return null;
        }
    }

    public bool Matches(string topic)
    {
        try
        {
            return _regex.IsMatch(topic);
        }
        catch (RegexMatchTimeoutException)
        {
            return false; // Such a pattern costs more than it may; its owner sees that it gets no topic.
        }
    }

    /// <summary>RE2 writes names of groups and some classes differently.</summary>
    private static string ToDotNet(string pattern) =>
        PosixClass().Replace(pattern.Replace("(?P<", "(?<", StringComparison.Ordinal), match => match.Groups[1].Value switch
        {
            "alpha" => "a-zA-Z",
            "digit" => "0-9",
            "alnum" => "a-zA-Z0-9",
            "lower" => "a-z",
            "upper" => "A-Z",
            "word" => "a-zA-Z0-9_",
            "xdigit" => "0-9a-fA-F",
            "punct" => @"!-/:-@\[-`{-~",
            "space" => @"\s",
            _ => throw new ArgumentException($"there is no class [:{match.Groups[1].Value}:]"),
        });

    [GeneratedRegex(@"\[:(\w+):\]", RegexOptions.NonBacktracking)]
    private static partial Regex PosixClass();
}
