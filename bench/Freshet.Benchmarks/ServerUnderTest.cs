using System.Globalization;

namespace Freshet.Benchmarks;

/// <summary>A running server: a name for the report, its address, and its process if its CPU time is to be read from /proc.</summary>
internal sealed record ServerUnderTest(string Name, string Address, int? ProcessId)
{
    private const double TicksPerSecond = 100;
    private const int UserTimeField = 13;

    public static ServerUnderTest Parse(string text) =>
        text.Split('=', 2) is [{ Length: > 0 } name, { } rest] && rest.Split(',') is { Length: 1 or 2 } parts && parts[0].Contains(':', StringComparison.Ordinal)
            ? new ServerUnderTest(name, parts[0], parts.Length == 2 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : null)
            : throw new ArgumentException($"'{text}' is not NAME=HOST:PORT or NAME=HOST:PORT,PID.");

    /// <summary>CPU time that the server has used so far, user and system.</summary>
    public TimeSpan? CpuTime()
    {
        if (ProcessId is not int process)
        {
            return null;
        }

        // The second field is the program's name in brackets, and may hold blanks.
        string stat = File.ReadAllText(FormattableString.Invariant($"/proc/{process}/stat"));
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        long ticks = long.Parse(fields[UserTimeField - 2], CultureInfo.InvariantCulture) + long.Parse(fields[UserTimeField - 1], CultureInfo.InvariantCulture);
        return TimeSpan.FromSeconds(ticks / TicksPerSecond);
    }
}
