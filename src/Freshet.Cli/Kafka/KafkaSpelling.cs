namespace Freshet.Cli.Kafka;

/// <summary>Kafka's tools name what to do by an option (<c>--create</c>), this command by a word (<c>create</c>); both are understood, so that scripts move over.</summary>
internal static class KafkaSpelling
{
    private static readonly string[] Commands = ["topic", "group", "config"];
    private static readonly string[] Actions = ["list", "create", "describe", "alter", "delete", "reset-offsets", "delete-offsets"];

    /// <summary>The arguments with such an option moved to the front as a word.</summary>
    public static string[] ToWords(string[] arguments)
    {
        if (arguments.Length < 2 || !Commands.Contains(arguments[0]) || !arguments[1].StartsWith('-'))
        {
            return arguments;
        }

        int at = Array.FindIndex(arguments, argument => argument.StartsWith("--", StringComparison.Ordinal) && Actions.Contains(argument[2..]));
        return at < 0 ? arguments : [arguments[0], arguments[at][2..], .. arguments[1..at], .. arguments[(at + 1)..]];
    }
}
