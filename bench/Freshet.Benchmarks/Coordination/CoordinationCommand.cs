using System.CommandLine;

namespace Freshet.Benchmarks.Coordination;

/// <summary><c>coordination</c>: creates, gets, sets and deletes znodes on the raw wire against one or more servers, turn by turn.</summary>
internal static class CoordinationCommand
{
    public static Command Create()
    {
        var servers = new Option<string[]>("--server")
        {
            Description = "NAME=IP:PORT, or NAME=IP:PORT,PID to measure the server's CPU time too. Repeat it to compare; ratios are against the last.",
            Required = true,
            AllowMultipleArgumentsPerToken = false,
        };
        var operations = new Option<int>("--operations") { Description = "Operations per phase and round.", DefaultValueFactory = _ => 100_000 };
        var size = new Option<int>("--size") { Description = "Bytes of each znode's data.", DefaultValueFactory = _ => 100 };
        var connections = new Option<int>("--connections") { Description = "Sessions, each on its own connection.", DefaultValueFactory = _ => 4 };
        var window = new Option<int>("--window") { Description = "Requests under way per connection; 1 measures latency.", DefaultValueFactory = _ => 64 };
        var rounds = new Option<int>("--rounds") { Description = "Rounds per server, after one that does not count.", DefaultValueFactory = _ => 5 };
        var output = new Option<string?>("--output") { Description = "File for the results as JSON; standard output without it." };
        var command = new Command("coordination", "Throughput and latency of znode operations, and server CPU per operation.")
        {
            servers, operations, size, connections, window, rounds, output,
        };
        command.SetAction(async (parsed, stop) =>
        {
            var load = new CoordinationLoad(parsed.GetValue(operations), parsed.GetValue(size), parsed.GetValue(connections), parsed.GetValue(window));
            ServerUnderTest[] targets = [.. parsed.GetValue(servers)!.Select(ServerUnderTest.Parse)];
            string json = await CoordinationRounds.RunAsync(load, targets, parsed.GetValue(rounds), parsed.InvocationConfiguration.Error, stop);
            if (parsed.GetValue(output) is { } file)
            {
                await File.WriteAllTextAsync(file, json + "\n", stop);
            }
            else
            {
                await parsed.InvocationConfiguration.Output.WriteLineAsync(json);
            }
        });
        return command;
    }
}
