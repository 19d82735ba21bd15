using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Freshet.Streams;

/// <summary>Runs topologies in this process, on the thread pool. Thread-safe.</summary>
/// <param name="loggers">Where to log; nowhere when null.</param>
/// <param name="time">The clock; the system's when null.</param>
public sealed class LocalCluster(ILoggerFactory? loggers = null, TimeProvider? time = null) : IAsyncDisposable
{
    private readonly ILogger _logger = (loggers ?? NullLoggerFactory.Instance).CreateLogger<LocalCluster>();
    private readonly Lock _gate = new();
    private readonly List<TopologyRun> _runs = [];

    /// <summary>The runs that were submitted here, also those that have ended.</summary>
    public IReadOnlyList<TopologyRun> Runs
    {
        get
        {
            lock (_gate)
            {
                return [.. _runs];
            }
        }
    }

    /// <summary>Starts a topology, from its newest checkpoint if there is one.</summary>
    /// <exception cref="TopologyException">The checkpoint does not fit the topology.</exception>
    public TopologyRun Submit(Topology topology, RunOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(topology);
        TopologyRun run = TopologyRun.Start(topology, options ?? new RunOptions(), _logger, time ?? TimeProvider.System);
        lock (_gate)
        {
            _runs.Add(run);
        }

        return run;
    }

    /// <summary>Ends every run at once, without a checkpoint; <see cref="TopologyRun.StopAsync"/> is the gentle way.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (TopologyRun run in Runs)
        {
            await run.DisposeAsync().ConfigureAwait(false);
        }
    }
}
