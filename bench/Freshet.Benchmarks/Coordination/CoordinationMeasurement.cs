using System.Diagnostics;

namespace Freshet.Benchmarks.Coordination;

/// <summary>What one phase of one round showed.</summary>
/// <param name="OperationsPerSecond">Throughput seen by the client.</param>
/// <param name="P50Microseconds">Half of the requests were answered within it.</param>
/// <param name="P99Microseconds">All but one in a hundred were answered within it.</param>
/// <param name="ServerMicrosecondsPerOperation">CPU time of the server per operation; null when its process is not known.</param>
internal sealed record CoordinationMeasurement(
    double OperationsPerSecond, double P50Microseconds, double P99Microseconds, double? ServerMicrosecondsPerOperation)
{
    /// <param name="latencies">In Stopwatch ticks; sorted here.</param>
    public static CoordinationMeasurement Of(long[] latencies, TimeSpan elapsed, TimeSpan? serverCpu)
    {
        Array.Sort(latencies);
        return new CoordinationMeasurement(
            latencies.Length / elapsed.TotalSeconds, Microseconds(latencies[latencies.Length / 2]), Microseconds(latencies[latencies.Length * 99 / 100]),
            serverCpu?.TotalMicroseconds / latencies.Length);
    }

    private static double Microseconds(long ticks) => ticks * 1e6 / Stopwatch.Frequency;
}
