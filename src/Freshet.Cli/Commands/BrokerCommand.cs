using System.CommandLine;
using System.Net;
using Freshet.Node;

namespace Freshet.Cli.Commands;

/// <summary><c>freshet broker</c>: the broker, beside an existing coordination service or with its own inside.</summary>
internal static class BrokerCommand
{
    public static Command Create()
    {
        Option<string?> data = ServiceOptions.Data();
        data.Required = true;
        Option<int> port = ServiceOptions.Port("--port", 9092, "Port to listen on; 0 takes a free one.");
        var coordination = new Option<string?>("--coordination")
        {
            Description = "Coordination service as HOST:PORT[,HOST:PORT...]: Freshet's or Apache ZooKeeper. Without it the broker keeps its own in this process.",
        };
        Option<IPAddress> address = ServiceOptions.Address();
        var command = new Command("broker", "Runs the Kafka-compatible broker.") { port, data, coordination, address };
        LogFlags.AddTo(command);
        command.SetAction((parsed, stop) => ServiceProcess.RunAsync(
            new FreshetNodeOptions
            {
                Coordination = parsed.GetValue(coordination) is null,
                CoordinationConnectString = parsed.GetValue(coordination),
                DataDirectory = parsed.GetValue(data),
                KafkaPort = parsed.GetValue(port),
                Address = parsed.GetValue(address)!,
            },
            [], LogFlags.Read(parsed), parsed.InvocationConfiguration, stop));
        return command;
    }
}
