using System.CommandLine;
using System.Net;
using Freshet.Node;

namespace Freshet.Cli.Commands;

/// <summary><c>freshet coordination</c>: the coordination service alone.</summary>
internal static class CoordinationCommand
{
    public static Command Create()
    {
        Option<string?> data = ServiceOptions.Data();
        data.Required = true;
        Option<int> port = ServiceOptions.Port("--port", 2181, "Port to listen on; 0 takes a free one.");
        Option<IPAddress> address = ServiceOptions.Address();
        Option<string> logLevel = ServiceOptions.LogLevel();
        var command = new Command("coordination", "Runs the ZooKeeper-compatible coordination service.") { port, data, address, logLevel };
        command.SetAction((parsed, stop) => ServiceProcess.RunAsync(
            new FreshetNodeOptions
            {
                Broker = false,
                DataDirectory = parsed.GetValue(data),
                CoordinationPort = parsed.GetValue(port),
                Address = parsed.GetValue(address)!,
            },
            parsed.GetValue(logLevel)!, parsed.InvocationConfiguration, stop));
        return command;
    }
}
