using System.CommandLine;
using System.Net;
using Freshet.Node;
using Freshet.Node.Configuration.Kafka;

namespace Freshet.Cli.Commands;

/// <summary><c>freshet broker</c>: the broker, beside an existing coordination service or with its own inside.</summary>
internal static class BrokerCommand
{
    public static Command Create()
    {
        var config = new Option<string?>("--config") { Description = "A server.properties of Apache Kafka to take the settings from; it says where to listen." };
        Option<string?> data = ServiceOptions.Data();
        Option<int> port = ServiceOptions.Port("--port", 9092, "Port to listen on; 0 takes a free one.");
        var coordination = new Option<string?>("--coordination")
        {
            Description = "Coordination service as HOST:PORT[,HOST:PORT...]: Freshet's or Apache ZooKeeper. Without it the broker keeps its own in this process.",
        };
        Option<IPAddress> address = ServiceOptions.Address();
        Option<Uri?> telemetry = ServiceOptions.ClientTelemetry();
        var command = new Command("broker", "Runs the Kafka-compatible broker.") { config, port, data, coordination, address, telemetry };
        command.Validators.Add(result =>
        {
            if (result.GetValue(data) is null && result.GetValue(config) is null)
            {
                result.AddError("Say where the data goes: --data DIR, or --config FILE with a server.properties that names log.dirs.");
            }

            if (result.GetValue(config) is not null && (result.GetResult(port) is { Implicit: false } || result.GetResult(address) is { Implicit: false }))
            {
                result.AddError("The file says where to listen (listeners): leave out --port and --address, or --config.");
            }
        });
        LogFlags.AddTo(command);
        command.SetAction(async (parsed, stop) =>
        {
            InvocationConfiguration console = parsed.InvocationConfiguration;
            try
            {
                KafkaConfiguration? file = parsed.GetValue(config) is string path ? KafkaConfiguration.Read(path) : null;
                FreshetNodeOptions options = file?.Options ?? new FreshetNodeOptions { KafkaPort = parsed.GetValue(port), Address = parsed.GetValue(address)! };
                options.DataDirectory = parsed.GetValue(data) ?? options.DataDirectory
                    ?? throw new InvalidDataException($"{parsed.GetValue(config)} names no log.dirs. Add a line such as log.dirs=/var/lib/freshet, or give --data DIR.");
                options.ConfigureBroker += broker => broker.ClientTelemetryEndpoint = parsed.GetValue(telemetry);
                if (parsed.GetValue(coordination) is string elsewhere)
                {
                    (options.Coordination, options.CoordinationConnectString) = (false, elsewhere);
                }

                return await ServiceProcess.RunAsync(options, file?.Warnings ?? [], LogFlags.Read(parsed), console, stop);
            }
            catch (Exception wrong) when (wrong is InvalidDataException or IOException or UnauthorizedAccessException)
            {
                await console.Error.WriteLineAsync($"freshet: {wrong.Message}");
                return 1;
            }
        });
        return command;
    }
}
