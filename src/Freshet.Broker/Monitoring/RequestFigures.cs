using System.Collections.Concurrent;
using Freshet.Protocol.Kafka;

namespace Freshet.Broker.Monitoring;

/// <summary>Counts and times of requests by API.</summary>
internal sealed class RequestFigures
{
    private readonly LatencyBuckets?[] _latencies = new LatencyBuckets?[(int)Enum.GetValues<ApiKey>()[^1] + 1];
    private readonly ConcurrentDictionary<(ApiKey Key, ErrorCode Error), long> _errors = new();

    /// <summary>APIs that were used, and how long their answers took.</summary>
    public IEnumerable<(ApiKey Key, LatencyBuckets Latencies)> Used =>
        _latencies.Select((latencies, key) => ((ApiKey)key, latencies)).Where(each => each.latencies is not null)!;

    /// <summary>How many answers began to fail with which error.</summary>
    public IEnumerable<KeyValuePair<(ApiKey Key, ErrorCode Error), long>> Errors => _errors;

    /// <summary>A request was answered, or needed no answer.</summary>
    /// <param name="error">First error in the answer.</param>
    public void Answered(ApiKey key, TimeSpan time, ErrorCode error)
    {
        LatencyBuckets latencies = _latencies[(int)key]
            ?? Interlocked.CompareExchange(ref _latencies[(int)key], new LatencyBuckets(), null) ?? _latencies[(int)key]!;
        latencies.Add(time);
        if (error != ErrorCode.None)
        {
            Failed(key, error);
        }
    }

    /// <summary>A request could not be answered.</summary>
    public void Failed(ApiKey key, ErrorCode error) => _errors.AddOrUpdate((key, error), 1, (_, count) => count + 1);
}
