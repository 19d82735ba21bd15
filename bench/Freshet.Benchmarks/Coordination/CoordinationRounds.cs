using System.Text.Json;

namespace Freshet.Benchmarks.Coordination;

/// <summary>Runs the load on the servers in turn, round by round, so that what disturbs the machine disturbs all alike.</summary>
internal static class CoordinationRounds
{
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static async Task<string> RunAsync(CoordinationLoad load, ServerUnderTest[] servers, int rounds, TextWriter progress, CancellationToken cancellation)
    {
        List<CoordinationMeasurement[]>[] measured = [.. servers.Select(_ => new List<CoordinationMeasurement[]>())];
        for (int round = 0; round <= rounds; round++)
        {
            for (int number = 0; number < servers.Length; number++)
            {
                cancellation.ThrowIfCancellationRequested();
                CoordinationMeasurement[] phases = load.Run(servers[number]);
                await progress.WriteLineAsync($"{(round == 0 ? "warm-up" : $"round {round}")} {servers[number].Name}: {string.Join("; ", phases.Select(Show))}");
                if (round > 0)
                {
                    measured[number].Add(phases);
                }
            }
        }

        return JsonSerializer.Serialize(
            new { load, rounds, phases = CoordinationLoad.Phases.Select((phase, number) => Report(phase, servers, measured.Select(rounds => rounds.Select(phases => phases[number])))) },
            Indented);
    }

    private static object Report(string phase, ServerUnderTest[] servers, IEnumerable<IEnumerable<CoordinationMeasurement>> measured)
    {
        var sides = servers.Zip(measured, (server, rounds) => new
        {
            server.Name,
            OperationsPerSecond = Spread.Of(rounds.Select(one => (double?)one.OperationsPerSecond)),
            P50Microseconds = Spread.Of(rounds.Select(one => (double?)one.P50Microseconds)),
            P99Microseconds = Spread.Of(rounds.Select(one => (double?)one.P99Microseconds)),
            ServerMicrosecondsPerOperation = Spread.Of(rounds.Select(one => one.ServerMicrosecondsPerOperation)),
        }).ToArray();
        var last = sides[^1];
        return new
        {
            phase,
            sides,
            ratios = sides[..^1].Select(side => new
            {
                side.Name,
                Against = last.Name,
                Throughput = Ratio(side.OperationsPerSecond, last.OperationsPerSecond),
                P99 = Ratio(side.P99Microseconds, last.P99Microseconds),
                ServerCpu = Ratio(side.ServerMicrosecondsPerOperation, last.ServerMicrosecondsPerOperation),
            }),
        };
    }

    private static double? Ratio(Spread? one, Spread? other) => one is null || other is null ? null : Math.Round(one.Median / other.Median, 3);

    private static string Show(CoordinationMeasurement measured, int phase) => FormattableString.Invariant(
        $"{CoordinationLoad.Phases[phase]} {measured.OperationsPerSecond:N0}/s p99 {measured.P99Microseconds:N0} us {measured.ServerMicrosecondsPerOperation:N1} us CPU");
}
