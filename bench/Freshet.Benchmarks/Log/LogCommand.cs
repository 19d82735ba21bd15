using System.CommandLine;

namespace Freshet.Benchmarks.Log;

/// <summary><c>log</c>: produces and consumes through librdkafka against one or more brokers, turn by turn.</summary>
internal static class LogCommand
{
    public static Command Create()
    {
        var brokers = new Option<string[]>("--broker")
        {
            Description = "NAME=HOST:PORT, or NAME=HOST:PORT,PID to measure the server's CPU time too. Repeat it to compare; ratios are against the last.",
            Required = true,
            AllowMultipleArgumentsPerToken = false,
        };
        var records = new Option<int>("--records") { Description = "Records per round.", DefaultValueFactory = _ => 5_000_000 };
        var size = new Option<int>("--size") { Description = "Bytes of each record's value.", DefaultValueFactory = _ => 100 };
        var rounds = new Option<int>("--rounds") { Description = "Rounds per broker, after one that does not count.", DefaultValueFactory = _ => 5 };
        var partitions = new Option<int>("--partitions") { Description = "Partitions of the topic.", DefaultValueFactory = _ => 1 };
        var acks = new Option<string>("--acks") { Description = "Acknowledgement waited for: 0, 1 or all.", DefaultValueFactory = _ => "all" };
        var output = new Option<string?>("--output") { Description = "File for the results as JSON; standard output without it." };
        acks.AcceptOnlyFromAmong("0", "1", "all");
        var command = new Command("log", "Produce and consume throughput, and server CPU per record.") { brokers, records, size, rounds, partitions, acks, output };
        command.SetAction(async (parsed, stop) =>
        {
            var load = new LogLoad(parsed.GetValue(records), parsed.GetValue(size), parsed.GetValue(partitions), parsed.GetValue(acks)!);
            ServerUnderTest[] targets = [.. parsed.GetValue(brokers)!.Select(ServerUnderTest.Parse)];
            string json = await LogRounds.RunAsync(load, targets, parsed.GetValue(rounds), parsed.InvocationConfiguration.Error, stop);
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
