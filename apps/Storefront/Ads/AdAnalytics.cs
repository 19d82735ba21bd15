using Freshet.Streams;
using Freshet.Streams.Kafka;
using Storefront.Hosting;
using Storefront.Live;

namespace Storefront.Ads;

/// <summary>
/// Runs the ad topology over the topic <c>ad-events</c>. A run that failed is started again from its last checkpoint, or from
/// the beginning of the topic when there is none; the counts are right either way.
/// </summary>
internal sealed class AdAnalytics : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly LocalCluster _cluster;
    private readonly ILogger _log;
    private readonly Task _running;

    /// <param name="checkpoints">Folder of the checkpoints; null takes none.</param>
    public AdAnalytics(string bootstrapServers, string? checkpoints, AdBoard board, ILoggerFactory loggers)
    {
        _cluster = new LocalCluster(loggers);
        _log = loggers.CreateLogger<AdAnalytics>();
        var spout = new KafkaSpoutOptions<AdEvent>
        {
            BootstrapServers = bootstrapServers,
            Topic = AdEventProducer.Topic,
            Decoder = (in KafkaRecord record) => AdEventFormat.Read(record.Value),
            OnUndecodable = (_, _) => board.CountUnreadable(),
            GroupId = "ad-analytics",
        };
        Topology topology = AdTopology.Build(() => new KafkaSpout<AdEvent>(spout), parallelism: 1, board);
        _running = RunAsync(topology, new RunOptions { CheckpointDirectory = checkpoints });
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        await _cluster.DisposeAsync();
        _stop.Dispose();
    }

    private async Task RunAsync(Topology topology, RunOptions options)
    {
        while (!_stop.IsCancellationRequested)
        {
            TopologyRun run = _cluster.Submit(topology, options);
            try
            {
                await run.Completion.WaitAsync(_stop.Token);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                await run.StopAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (TopologyException failure)
            {
                StorefrontLog.TopologyFailed(_log, failure, run.Name);
                await Task.Delay(Pause, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
