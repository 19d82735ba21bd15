using Microsoft.Extensions.Logging;

namespace Freshet.Broker.Logging;

/// <summary>Log levels under Kafka's names.</summary>
internal static class LogLevelName
{
    private static readonly (string Name, LogLevel Level)[] Names =
    [
        ("FATAL", LogLevel.Critical), ("ERROR", LogLevel.Error), ("WARN", LogLevel.Warning), ("INFO", LogLevel.Information), ("DEBUG", LogLevel.Debug), ("TRACE", LogLevel.Trace),
    ];

    /// <summary>The names that a level is set by, for people.</summary>
    public static string All { get; } = string.Join(", ", Names.Select(each => each.Name));

    public static string Of(LogLevel level) => level == LogLevel.None ? "OFF" : Names.First(each => each.Level == level).Name;

    /// <summary>The level of a name as Kafka writes it, or null.</summary>
    public static LogLevel? Parse(string name) => Names.Where(each => each.Name == name).Select(each => (LogLevel?)each.Level).FirstOrDefault();
}
