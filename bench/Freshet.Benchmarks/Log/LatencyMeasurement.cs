namespace Freshet.Benchmarks.Log;

/// <summary>Latencies of one round in microseconds, and CPU time of the server per record; null when its process is not known.</summary>
internal sealed record LatencyMeasurement(double P50, double P99, double P999, double Max, double? ServerMicrosecondsPerRecord);
