using Microsoft.Extensions.Logging;

namespace Freshet.Broker.Logging;

/// <summary>A logger with a level before another one.</summary>
internal sealed class AdjustableLogger(ILogger inner) : ILogger
{
    private volatile int _level;

    /// <summary>Least level that is let through.</summary>
    public LogLevel Level
    {
        get => (LogLevel)_level;
        set => _level = (int)value;
    }

    /// <summary>Least level that the other one lets through; one that logs nothing at all is in nobody's way.</summary>
    public LogLevel Floor
    {
        get
        {
            LogLevel floor = LogLevel.Trace;
            while (floor < LogLevel.None && !inner.IsEnabled(floor))
            {
                floor++;
            }

            return floor < LogLevel.None ? floor : LogLevel.Trace;
        }
    }

    /// <summary>Least level that is really logged.</summary>
    public LogLevel Shown => Level > Floor ? Level : Floor;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => inner.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => (int)logLevel >= _level && inner.IsEnabled(logLevel);

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if ((int)logLevel >= _level)
        {
            inner.Log(logLevel, eventId, state, exception, formatter);
        }
    }
}
