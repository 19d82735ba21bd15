using System.Globalization;

namespace Freshet.Cli.Kafka;

/// <summary>A count that grows on standard error, for people only: nothing is written to a file or a pipe.</summary>
internal sealed class Progress(TextWriter errors, string what)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);
    private readonly bool _isShown = !Console.IsErrorRedirected;
    private long _last = TimeProvider.System.GetTimestamp();
    private bool _hasShown;

    public void Report(long count)
    {
        if (_isShown && TimeProvider.System.GetElapsedTime(_last) >= Interval)
        {
            _last = TimeProvider.System.GetTimestamp();
            _hasShown = true;
            errors.Write(string.Create(CultureInfo.InvariantCulture, $"\r{count:N0} {what}"));
        }
    }

    public void End()
    {
        if (_hasShown)
        {
            errors.Write("\r\e[K");
        }
    }
}
