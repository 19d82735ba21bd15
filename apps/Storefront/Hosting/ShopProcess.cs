using System.CommandLine;

namespace Storefront.Hosting;

/// <summary>Runs the shop in the foreground: says where everything is, then waits for the signal to stop.</summary>
internal static class ShopProcess
{
    /// <returns>0 after a clean stop, 1 when the shop could not start.</returns>
    public static async Task<int> RunAsync(StorefrontOptions options, InvocationConfiguration console, CancellationToken stop)
    {
        using ILoggerFactory loggers = LoggerFactory.Create(logging => logging
            .SetMinimumLevel(options.LogLevel)
            .AddConsole(settings => settings.LogToStandardErrorThreshold = LogLevel.Trace));
        try
        {
            await using StorefrontApp app = await StorefrontApp.StartAsync(options, loggers, stop);
            await console.Output.WriteLineAsync($"""
                shop  {app.Address}
                live  {new Uri(app.Address, "live.html")}
                """);
            ShopServices services = await app.Services.WaitAsync(stop);
            await console.Output.WriteLineAsync($"""
                coordination service on {services.Node.CoordinationConnectString}, broker on {services.Node.BootstrapServers}
                Ready. Ctrl+C stops everything{(options.DataDirectory is null ? " and throws its data away" : "")}.
                """);
            await Task.Delay(Timeout.InfiniteTimeSpan, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return 0;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 0;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InvalidDataException or ArgumentException)
        {
            await console.Error.WriteLineAsync($"storefront: {failure.Message}");
            return 1;
        }
    }
}
