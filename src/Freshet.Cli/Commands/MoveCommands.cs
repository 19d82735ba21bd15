using System.CommandLine;
using System.Globalization;
using Freshet.Coordination.Migration;
using Freshet.Node;
using Microsoft.Extensions.Logging;

namespace Freshet.Cli.Commands;

/// <summary><c>freshet import</c> and <c>freshet export</c>: move coordination data from and to Apache ZooKeeper.</summary>
internal static class MoveCommands
{
    public static Command Import()
    {
        var from = new Option<string>("--from") { Description = "Apache ZooKeeper's dataDir; its server must be stopped. It is only read.", Required = true };
        var logs = new Option<string?>("--from-logs") { Description = "Its dataLogDir, when that is a folder of its own." };
        var data = new Option<string>("--data") { Description = "New data directory, for 'freshet coordination --data'.", Required = true };
        var command = new Command("import", "Takes over the data of an Apache ZooKeeper server.") { from, logs, data };
        command.SetAction((parsed, _) => ReportAsync(
            () => ValueTask.FromResult(ZooKeeperImport.Run(parsed.GetValue(from)!, parsed.GetValue(logs), Inside(parsed.GetValue(data)!), TimeProvider.System)),
            parsed.InvocationConfiguration));
        return command;
    }

    public static Command Export()
    {
        var data = new Option<string>("--data") { Description = "Data directory of a coordination service that is stopped.", Required = true };
        var logs = new Option<string?>("--data-logs") { Description = "Its journal's folder, when a zoo.cfg named a dataLogDir." };
        var to = new Option<string>("--to") { Description = "dataDir for an Apache ZooKeeper server to start from.", Required = true };
        var command = new Command("export", "Writes the coordination data as a snapshot that Apache ZooKeeper starts from.") { data, logs, to };
        command.SetAction((parsed, _) => ReportAsync(
            async () =>
            {
                using ILoggerFactory loggers = LoggerFactory.Create(logging => logging
                    .SetMinimumLevel(LogLevel.Warning)
                    .AddConsole(settings => settings.LogToStandardErrorThreshold = LogLevel.Trace));
                return await ZooKeeperExport.RunAsync(
                    Inside(parsed.GetValue(data)!), parsed.GetValue(logs) is string journal ? Inside(journal) : null, parsed.GetValue(to)!, loggers, TimeProvider.System);
            },
            parsed.InvocationConfiguration));
        return command;
    }

    private static string Inside(string data) => Path.Combine(data, FreshetNodeOptions.CoordinationFolder);

    private static async Task<int> ReportAsync(Func<ValueTask<MovedData>> move, InvocationConfiguration console)
    {
        try
        {
            MovedData moved = await move();
            await console.Output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"{moved.Znodes:N0} znodes up to zxid 0x{moved.LastZxid:x}; {moved.SessionsEnded:N0} sessions ended, and {moved.EphemeralsRemoved:N0} ephemeral znodes with them"));
            return 0;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            await console.Error.WriteLineAsync($"freshet: {failure.Message}");
            return 1;
        }
    }
}
