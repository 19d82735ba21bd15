using System.Diagnostics;
using System.Globalization;

namespace Freshet.Benchmarks.Start;

/// <summary>One kind of first start, run in a process of its own each time.</summary>
internal sealed record StartCase(string Name, string Client, string? RunningBroker)
{
    public const string BareSocket = "bare";
    public const string Confluent = "confluent";

    /// <summary>Runs it and returns milliseconds, milliseconds of CPU time and methods compiled, up to the node and up to the record.</summary>
    public async Task<double[]> RunAsync(CancellationToken stop)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, [FirstStart.Argument, Client, .. RunningBroker is null ? Array.Empty<string>() : [RunningBroker]])
        {
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start)!;
        string output = await process.StandardOutput.ReadToEndAsync(stop);
        await process.WaitForExitAsync(stop);
        return process.ExitCode == 0
            ? [.. output.Split(' ').Select(figure => double.Parse(figure, CultureInfo.InvariantCulture))]
            : throw new InvalidOperationException($"{Name} ended with {process.ExitCode}.");
    }
}
