using System.CommandLine;
using System.Net;
using Freshet.Node;

namespace Freshet.Cli.Commands;

/// <summary><c>freshet node</c>: coordination and broker in one process.</summary>
internal static class NodeCommand
{
    public static Command Create()
    {
        Option<string?> data = ServiceOptions.Data();
        var ephemeral = new Option<bool>("--ephemeral") { Description = "Throw the data away at the end; it lives in a temporary folder, inside --data if given." };
        Option<int> coordinationPort = ServiceOptions.Port("--coordination-port", 2181, "Port of the coordination service; 0 takes a free one.");
        Option<int> kafkaPort = ServiceOptions.Port("--kafka-port", 9092, "Port of the broker; 0 takes a free one.");
        Option<int> httpPort = ServiceOptions.Port("--http-port", 8090, "Port of the HTTP pages (health, admin commands, metrics); 0 takes a free one.");
        Option<IPAddress> httpAddress = ServiceOptions.HttpAddress();
        Option<IPAddress> address = ServiceOptions.Address();
        Option<Uri?> telemetry = ServiceOptions.ClientTelemetry();
        var command = new Command("node", "Runs a coordination service and a broker in this process.")
        {
            data, ephemeral, coordinationPort, kafkaPort, httpPort, httpAddress, address, telemetry,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(data) is null && !result.GetValue(ephemeral))
            {
                result.AddError("Say where the data goes: --data DIR keeps it, --ephemeral throws it away at the end.");
            }
        });
        LogFlags.AddTo(command);
        command.SetAction((parsed, stop) => ServiceProcess.RunAsync(
            new FreshetNodeOptions
            {
                DataDirectory = parsed.GetValue(data),
                Ephemeral = parsed.GetValue(ephemeral),
                CoordinationPort = parsed.GetValue(coordinationPort),
                KafkaPort = parsed.GetValue(kafkaPort),
                HttpPort = parsed.GetValue(httpPort),
                HttpAddress = parsed.GetValue(httpAddress)!,
                Address = parsed.GetValue(address)!,
                ConfigureBroker = broker => broker.ClientTelemetryEndpoint = parsed.GetValue(telemetry),
            },
            [], LogFlags.Read(parsed), parsed.InvocationConfiguration, stop));
        return command;
    }
}
