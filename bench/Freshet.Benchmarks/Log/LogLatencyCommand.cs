using System.CommandLine;

namespace Freshet.Benchmarks.Log;

/// <summary><c>log-latency</c>: time from producer to consumer at a steady rate, on one or more brokers in turn.</summary>
internal static class LogLatencyCommand
{
    public static Command Create()
    {
        var brokers = new Option<string[]>("--broker")
        {
            Description = "NAME=HOST:PORT, or NAME=HOST:PORT,PID to measure the server's CPU time too. Repeat it to compare.",
            Required = true,
        };
        var rate = new Option<int>("--rate") { Description = "Records a second.", DefaultValueFactory = _ => 10_000 };
        var size = new Option<int>("--size") { Description = "Bytes of each record's value, at least 8.", DefaultValueFactory = _ => 100 };
        var partitions = new Option<int>("--partitions") { Description = "Partitions of the topic.", DefaultValueFactory = _ => 1 };
        var seconds = new Option<int>("--seconds") { Description = "Seconds measured each round, after 3 that are not.", DefaultValueFactory = _ => 10 };
        var rounds = new Option<int>("--rounds") { Description = "Rounds per broker.", DefaultValueFactory = _ => 3 };
        var command = new Command("log-latency", "Time from producer to consumer at a steady rate, acks=all.") { brokers, rate, size, partitions, seconds, rounds };
        command.SetAction(async (parsed, stop) =>
        {
            ServerUnderTest[] targets = [.. parsed.GetValue(brokers)!.Select(ServerUnderTest.Parse)];
            for (int round = 1; round <= parsed.GetValue(rounds); round++)
            {
                foreach (ServerUnderTest broker in targets)
                {
                    var load = new LogLoad(0, parsed.GetValue(size), parsed.GetValue(partitions), "all");
                    string topic = await load.CreateTopicAsync(broker);
                    LatencyMeasurement measured = new LogLatency(
                        broker, topic, load.Partitions, parsed.GetValue(rate), load.ValueSize, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(parsed.GetValue(seconds))).Run(stop);
                    await LogLoad.DeleteTopicAsync(broker, topic);
                    await parsed.InvocationConfiguration.Output.WriteLineAsync(FormattableString.Invariant(
                        $"round {round} {broker.Name}: p50 {measured.P50:N0} us, p99 {measured.P99:N0}, p99.9 {measured.P999:N0}, max {measured.Max:N0}; server CPU {measured.ServerMicrosecondsPerRecord:N2} us/record"));
                }
            }
        });
        return command;
    }
}
