namespace Freshet.Benchmarks.Log;

/// <summary>What one round showed.</summary>
/// <param name="RecordsPerSecond">Throughput seen by the client.</param>
/// <param name="MegabytesPerSecond">The same in 10^6 bytes of values.</param>
/// <param name="ServerMicrosecondsPerRecord">CPU time of the server per record; null when its process is not known.</param>
internal sealed record Measurement(double RecordsPerSecond, double MegabytesPerSecond, double? ServerMicrosecondsPerRecord);
