using System.Text.Json;

namespace Freshet.Benchmarks.Log;

/// <summary>Runs the load on the brokers in turn, round by round, so that what disturbs the machine disturbs all alike.</summary>
internal static class LogRounds
{
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static async Task<string> RunAsync(LogLoad load, ServerUnderTest[] brokers, int rounds, TextWriter progress, CancellationToken cancellation)
    {
        List<Measurement>[] produced = [.. brokers.Select(_ => new List<Measurement>())];
        List<Measurement>[] consumed = [.. brokers.Select(_ => new List<Measurement>())];
        for (int round = 0; round <= rounds; round++)
        {
            for (int number = 0; number < brokers.Length; number++)
            {
                cancellation.ThrowIfCancellationRequested();
                ServerUnderTest broker = brokers[number];
                string topic = await load.CreateTopicAsync(broker);
                Measurement produce = load.Produce(broker, topic);
                Measurement consume = load.Consume(broker, topic);
                await LogLoad.DeleteTopicAsync(broker, topic);
                await progress.WriteLineAsync(FormattableString.Invariant(
                    $"{(round == 0 ? "warm-up" : $"round {round}")} {broker.Name}: produce {Show(produce)}; consume {Show(consume)}"));
                if (round > 0)
                {
                    produced[number].Add(produce);
                    consumed[number].Add(consume);
                }
            }
        }

        return JsonSerializer.Serialize(
            new { load, rounds, produce = Report(brokers, produced), consume = Report(brokers, consumed) }, Indented);
    }

    private static object Report(ServerUnderTest[] brokers, List<Measurement>[] measured)
    {
        var sides = brokers.Select((broker, number) => new
        {
            broker.Name,
            RecordsPerSecond = Spread.Of(measured[number].Select(one => (double?)one.RecordsPerSecond)),
            MegabytesPerSecond = Spread.Of(measured[number].Select(one => (double?)one.MegabytesPerSecond)),
            ServerMicrosecondsPerRecord = Spread.Of(measured[number].Select(one => one.ServerMicrosecondsPerRecord)),
        }).ToArray();
        var last = sides[^1];
        return new
        {
            sides,
            ratios = sides[..^1].Select(side => new
            {
                side.Name,
                Against = last.Name,
                Throughput = Ratio(side.RecordsPerSecond, last.RecordsPerSecond),
                ServerCpu = Ratio(side.ServerMicrosecondsPerRecord, last.ServerMicrosecondsPerRecord),
            }),
        };
    }

    private static double? Ratio(Spread? one, Spread? other) => one is null || other is null ? null : Math.Round(one.Median / other.Median, 3);

    private static string Show(Measurement measured) => FormattableString.Invariant(
        $"{measured.RecordsPerSecond:N0}/s {measured.MegabytesPerSecond:N0} MB/s {measured.ServerMicrosecondsPerRecord:N3} us CPU");
}
