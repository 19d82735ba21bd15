using System.Diagnostics;
using System.Globalization;
using Freshet.Streams;

namespace Freshet.Benchmarks.Streams;

/// <summary>Runs a topology and prints a line per slice in the form of Storm's benchmark driver.</summary>
internal static class StreamsRun
{
    public static async Task MeasureAsync(
        StreamsLoad load, string? checkpoints, TimeSpan slice, int slices, TextWriter output, CancellationToken stop)
    {
        var latencies = new LatencyHistogram();
        await using var cluster = new LocalCluster();
        TopologyRun run = cluster.Submit(load.Build(latencies), new RunOptions { CheckpointDirectory = checkpoints });
        await Task.Delay(slice, stop);
        latencies.IsRecording = true;
        for (int i = 0; i < slices; i++)
        {
            (long tuples, TimeSpan cpu, long start) = (Done(run), Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
            await Task.Delay(slice, stop);
            tuples = Done(run) - tuples;
            cpu = Environment.CpuUsage.TotalTime - cpu;
            TimeSpan time = Stopwatch.GetElapsedTime(start);
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"{load.Shape} {(load.IsFused ? "fused" : "apart")} sink/s={tuples / time.TotalSeconds:F0} cores={cpu / time:F2} cpu_ns/sink_tuple={cpu.TotalNanoseconds / Math.Max(1, tuples):F1}"));
        }

        await run.StopAsync(stop);
        if (load.Shape == "latency")
        {
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"latency_us p50={latencies.Percentile(50):F1} p90={latencies.Percentile(90):F1} p99={latencies.Percentile(99):F1} p99.9={latencies.Percentile(99.9):F1}"));
        }
    }

    private static long Done(TopologyRun run) => run.Metrics.Where(task => task.Component == StreamsLoad.Last).Sum(task => task.Executed);
}
