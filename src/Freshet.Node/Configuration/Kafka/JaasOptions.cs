using System.Text.RegularExpressions;

namespace Freshet.Node.Configuration.Kafka;

/// <summary>The options of a login module in a line <c>*.sasl.jaas.config</c>: <c>Class required name="value" ...;</c>. The class has no meaning here.</summary>
internal static partial class JaasOptions
{
    private const string UserPrefix = "user_";

    /// <exception cref="InvalidDataException">The line does not end as it must.</exception>
    public static void Check(ConfigurationEntry line)
    {
        if (!line.Value.TrimEnd().EndsWith(';'))
        {
            throw line.Wrong("It must end with a semicolon.");
        }
    }

    /// <summary>The options by name; of those that are there twice the later counts.</summary>
    public static Dictionary<string, string> Read(ConfigurationEntry line)
    {
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (Match option in Option().Matches(line.Value))
        {
            options[option.Groups["name"].Value] = option.Groups["quoted"].Success
                ? option.Groups["quoted"].Value.Replace("\\\"", "\"", StringComparison.Ordinal)
                : option.Groups["bare"].Value;
        }

        return options;
    }

    /// <summary>Names and passwords: the options <c>user_NAME</c>.</summary>
    public static Dictionary<string, string> Users(ConfigurationEntry line) => Read(line)
        .Where(option => option.Key.StartsWith(UserPrefix, StringComparison.Ordinal))
        .ToDictionary(option => option.Key[UserPrefix.Length..], option => option.Value);

    [GeneratedRegex("""(?<=\s)(?<name>[^=\s;"]+)\s*=\s*(?:"(?<quoted>(?:[^"\\]|\\.)*)"|(?<bare>[^\s;"]+))""")]
    private static partial Regex Option();
}
