using Freshet.Broker.Cluster.Configs;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;
using Microsoft.Extensions.Logging;

namespace Freshet.Broker.Logging;

/// <summary>The loggers of this process as Kafka's resource of settings: described, and altered until the process ends.</summary>
internal sealed class BrokerLoggers(AdjustableLoggers loggers)
{
    private readonly ILogger _logger = loggers.CreateLogger<BrokerLoggers>();

    public IEnumerable<DescribedConfig> Describe() => loggers.Levels.Select(logger =>
        new DescribedConfig(logger.Key, LogLevelName.Of(logger.Value), ReadOnly: false, ConfigSource.BrokerLogger, ConfigType.Unknown, []));

    /// <summary>Carries out all changes, or none when one cannot be.</summary>
    public (ErrorCode Error, string? Problem) Alter(IReadOnlyList<ConfigChange> changes, bool validateOnly)
    {
        if (ConfigChanges.Problem(changes) is { } malformed)
        {
            return (ErrorCode.InvalidRequest, malformed);
        }

        foreach (ConfigChange change in changes)
        {
            if (Check(change) is (not ErrorCode.None, _) problem)
            {
                return problem;
            }
        }

        foreach (ConfigChange change in validateOnly ? [] : changes)
        {
            LogLevel? level = change.Operation == ConfigOperation.Set ? LogLevelName.Parse(change.Value!) : null;
            loggers.Set(change.Name, level);
            BrokerLog.LevelChanged(_logger, change.Name, change.Operation == ConfigOperation.Set ? change.Value! : "that of the logger above");
        }

        return (ErrorCode.None, null);
    }

    private (ErrorCode Error, string? Problem) Check(ConfigChange change)
    {
        if (change.Operation is not (ConfigOperation.Set or ConfigOperation.Delete))
        {
            return (ErrorCode.InvalidRequest, $"{change.Operation} is not allowed for the level of a logger.");
        }

        if (!loggers.Contains(change.Name))
        {
            return (ErrorCode.InvalidConfig, $"Logger {change.Name} does not exist!");
        }

        if (change.Operation == ConfigOperation.Delete)
        {
            return change.Name == AdjustableLoggers.Root ? (ErrorCode.InvalidRequest, "Removing the level of the root logger is not allowed.") : (ErrorCode.None, null);
        }

        if (LogLevelName.Parse(change.Value!) is not { } level)
        {
            return (ErrorCode.InvalidConfig, $"{change.Name} cannot have the level {change.Value}: levels are {LogLevelName.All}.");
        }

        return loggers.Reaches(change.Name, level) ? (ErrorCode.None, null)
            : (ErrorCode.InvalidConfig, $"The logging of the process that hosts this broker keeps {change.Value} of {change.Name} back; it must be let through there first.");
    }
}
