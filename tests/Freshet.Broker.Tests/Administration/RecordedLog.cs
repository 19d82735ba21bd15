using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Freshet.Broker.Tests.Administration;

/// <summary>A host's loggers that keep what they are given, from a level on.</summary>
internal sealed class RecordedLog(LogLevel least) : ILoggerFactory
{
    private readonly LogLevel _least = least;
    private readonly ConcurrentQueue<(string Category, LogLevel Level, string Text)> _entries = new();

    public IEnumerable<string> Of(string category, LogLevel level) =>
        _entries.Where(entry => entry.Category == category && entry.Level == level).Select(entry => entry.Text);

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public void Dispose()
    {
    }

    private sealed class Logger(RecordedLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= log._least;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            log._entries.Enqueue((category, logLevel, formatter(state, exception)));
    }
}
