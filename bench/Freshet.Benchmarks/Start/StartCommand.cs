using System.CommandLine;
using Freshet.Node;

namespace Freshet.Benchmarks.Start;

/// <summary><c>start</c>: how long the first node and the first record of a process take, in processes of their own.</summary>
internal static class StartCommand
{
    private static readonly string[] Figures = ["node ready, ms", "CPU ms", "methods compiled", "record acknowledged, ms", "CPU ms", "methods compiled"];

    public static Command Create()
    {
        var runs = new Option<int>("--runs") { Description = "Processes started for each case.", DefaultValueFactory = _ => 10 };
        var command = new Command("start", "The first node and the first record of a process.") { runs };
        command.SetAction(async (parsed, stop) =>
        {
            await using FreshetNode running = await FreshetNode.StartAsync(cancellation: stop);
            StartCase[] cases =
            [
                new("first node, bare socket", StartCase.BareSocket, null),
                new("first node, librdkafka", StartCase.Confluent, null),
                new("running node, bare socket", StartCase.BareSocket, running.BootstrapServers),
                new("running node, librdkafka", StartCase.Confluent, running.BootstrapServers),
            ];
            foreach (StartCase start in cases)
            {
                await start.RunAsync(stop); // its files are in the page cache then, and a running node's code is compiled
                var measured = new List<double[]>();
                for (int run = 0; run < parsed.GetValue(runs); run++)
                {
                    measured.Add(await start.RunAsync(stop));
                }

                string line = string.Join("; ", Figures.Select((name, index) => (name, spread: Spread.Of(measured.Select(run => (double?)run[index]))!))
                    .Select(figure => FormattableString.Invariant($"{figure.name} {figure.spread.Min} to {figure.spread.Max}, median {figure.spread.Median}")));
                await parsed.InvocationConfiguration.Output.WriteLineAsync($"{start.Name}: {line}");
            }
        });
        return command;
    }
}
