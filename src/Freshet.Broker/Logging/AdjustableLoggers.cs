using Microsoft.Extensions.Logging;

namespace Freshet.Broker.Logging;

/// <summary>
/// Loggers whose levels can be changed while the process runs, as Kafka's broker loggers can: by name, for a logger and those below it, such as
/// <c>Freshet.Broker</c>. They stand before a host's own loggers and let through at most what those do. Safe for any thread.
/// </summary>
public sealed class AdjustableLoggers : ILoggerFactory
{
    /// <summary>Name of the logger that holds for all that have no level of their own.</summary>
    public const string Root = "root";

    private readonly Lock _lock = new();
    private readonly ILoggerFactory _inner;
    private readonly SortedDictionary<string, AdjustableLogger> _loggers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, LogLevel> _own = [];

    /// <param name="inner">What writes the log; disposed with this.</param>
    /// <param name="level">Least level that is logged at first. <see cref="LogLevel.Trace"/> leaves that to <paramref name="inner"/>.</param>
    public AdjustableLoggers(ILoggerFactory inner, LogLevel level = LogLevel.Trace)
    {
        ArgumentNullException.ThrowIfNull(inner);
        _inner = inner;
        _own[Root] = level;
        Add(Root);
    }

    /// <summary>Every logger by its name, with the least level that it logs.</summary>
    public IReadOnlyList<KeyValuePair<string, LogLevel>> Levels
    {
        get
        {
            lock (_lock)
            {
                return [.. _loggers.Select(logger => KeyValuePair.Create(logger.Key, logger.Value.Shown))];
            }
        }
    }

    /// <summary>Whether there is a logger of this name.</summary>
    public bool Contains(string name)
    {
        lock (_lock)
        {
            return _loggers.ContainsKey(name);
        }
    }

    /// <summary>Whether the host's own loggers let through what a logger logs at this level.</summary>
    /// <exception cref="KeyNotFoundException">There is no such logger.</exception>
    public bool Reaches(string name, LogLevel level)
    {
        lock (_lock)
        {
            return level >= _loggers[name].Floor;
        }
    }

    /// <summary>Sets the least level of a logger, and of those below it that have none of their own.</summary>
    /// <param name="level">Null takes back what was set, so that the level of the logger above holds.</param>
    /// <exception cref="KeyNotFoundException">There is no such logger.</exception>
    /// <exception cref="ArgumentException">The root's level is taken back, which there is nothing above for.</exception>
    public void Set(string name, LogLevel? level)
    {
        lock (_lock)
        {
            _ = _loggers[name];
            if (level is { } own)
            {
                _own[name] = own;
            }
            else if (name == Root)
            {
                throw new ArgumentException("The root logger must have a level.", nameof(level));
            }
            else
            {
                _own.Remove(name);
            }

            foreach ((string each, AdjustableLogger logger) in _loggers)
            {
                logger.Level = LevelOf(each);
            }
        }
    }

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName)
    {
        ArgumentNullException.ThrowIfNull(categoryName);
        lock (_lock)
        {
            for (string? above = Above(categoryName); above is not null && above != Root; above = Above(above))
            {
                Add(above);
            }

            return Add(categoryName);
        }
    }

    /// <inheritdoc/>
    public void AddProvider(ILoggerProvider provider) => _inner.AddProvider(provider);

    /// <summary>Disposes the host's own loggers.</summary>
    public void Dispose() => _inner.Dispose();

    private AdjustableLogger Add(string name)
    {
        if (!_loggers.TryGetValue(name, out AdjustableLogger? logger))
        {
            _loggers[name] = logger = new AdjustableLogger(_inner.CreateLogger(name)) { Level = LevelOf(name) };
        }

        return logger;
    }

    private LogLevel LevelOf(string name)
    {
        LogLevel own;
        while (!_own.TryGetValue(name, out own))
        {
            name = Above(name) ?? Root;
        }

        return own;
    }

    /// <summary>The logger above, or null for the root.</summary>
    private static string? Above(string name) => name.LastIndexOf('.') is > 0 and var dot ? name[..dot] : name == Root ? null : Root;
}
