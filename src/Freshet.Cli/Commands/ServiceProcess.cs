using System.CommandLine;
using Freshet.Broker.Logging;
using Freshet.Node;

namespace Freshet.Cli.Commands;

/// <summary>Runs a node in the foreground: one line per service when it is ready, a clean stop when asked.</summary>
internal static class ServiceProcess
{
    /// <returns>0 after a clean stop, 1 when the node could not start or could not go on.</returns>
    /// <param name="warnings">What to say about the configuration before the start.</param>
    public static async Task<int> RunAsync(
        FreshetNodeOptions options, IEnumerable<string> warnings, LogFlags log, InvocationConfiguration console, CancellationToken stop)
    {
        foreach (string warning in warnings)
        {
            await console.Error.WriteLineAsync($"freshet: {warning}");
        }

        using AdjustableLoggers loggers = log.Create();
        FreshetNode node;
        try
        {
            node = await FreshetNode.StartAsync(options, loggers, TimeProvider.System, stop);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InvalidDataException or ArgumentException)
        {
            return await FailAsync(failure, console);
        }

        await using (node)
        {
            await AnnounceAsync(node, console.Output);
            return await EndAsync(node, stop) is not Exception failure ? 0 : await FailAsync(failure, console);
        }
    }

    private static async Task AnnounceAsync(FreshetNode node, TextWriter output)
    {
        if (node.CoordinationConnectString is string coordination)
        {
            await output.WriteLineAsync($"coordination ready on {coordination}");
        }

        if (node.CoordinationTlsConnectString is string secure)
        {
            await output.WriteLineAsync($"coordination with TLS ready on {secure}");
        }

        if (node.BootstrapServers is string kafka)
        {
            await output.WriteLineAsync($"broker ready on {kafka}");
        }

        if (node.HttpAddress is Uri http)
        {
            await output.WriteLineAsync($"http ready on {http}");
        }

        if (node.MetricsAddress is Uri metrics)
        {
            await output.WriteLineAsync($"metrics ready on {metrics}");
        }

        await output.FlushAsync(CancellationToken.None);
    }

    /// <summary>Waits until the process is asked to stop (null) or the node cannot go on (why).</summary>
    private static async Task<Exception?> EndAsync(FreshetNode node, CancellationToken stop)
    {
        var stopped = new TaskCompletionSource();
        await using (stop.Register(stopped.SetResult))
        {
            return await Task.WhenAny(stopped.Task, node.Failure) == node.Failure ? await node.Failure : null;
        }
    }

    private static async Task<int> FailAsync(Exception failure, InvocationConfiguration console)
    {
        await console.Error.WriteLineAsync($"freshet: {failure.Message}");
        return 1;
    }
}
