using Confluent.Kafka;
using Freshet.Streams;
using Freshet.Streams.Kafka;
using Storefront.Invoices;

namespace Storefront.Retail;

/// <summary>The retail topology on an invoice topic, running in this process, with its results.</summary>
public sealed class RetailAnalytics : IAsyncDisposable
{
    private const string Group = "retail-analytics";

    /// <summary>A checkpoint of the whole log has some 50 MB, nearly all of it counts of co-purchases.</summary>
    private static readonly TimeSpan CheckpointInterval = TimeSpan.FromSeconds(5);

    /// <summary>A partition this silent no longer holds event time back. Long enough that a mere pause of the process makes nothing late.</summary>
    private static readonly TimeSpan IdleAfter = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly InvoiceTopic _topic;
    private readonly LocalCluster _cluster;
    private readonly TopologyRun _run;
    private readonly InvoiceProducer _producer;

    private RetailAnalytics(InvoiceTopic topic, string? dataFolder, bool isBounded, ILoggerFactory? loggers)
    {
        _topic = topic;
        _producer = new InvoiceProducer(topic);
        _cluster = new LocalCluster(loggers);
        var spout = new KafkaSpoutOptions<InvoiceLine>
        {
            BootstrapServers = topic.BootstrapServers,
            Topic = topic.Name,
            Decoder = InvoiceTopic.Decode,
            GroupId = isBounded ? null : Group,
            IsBounded = isBounded,
        };
        Topology topology = RetailTopology.Build(() => new KafkaSpout<InvoiceLine>(spout), View, isBounded ? null : IdleAfter);
        _run = _cluster.Submit(topology, new RunOptions { CheckpointDirectory = dataFolder, CheckpointInterval = CheckpointInterval });
    }

    /// <summary>All results.</summary>
    public RetailView View { get; } = new();

    /// <summary>Where the lines come from.</summary>
    public InvoiceTopic Topic => _topic;

    /// <summary>The run: its counters, and its end, which comes by itself when the input is bounded.</summary>
    public TopologyRun Run => _run;

    /// <summary>The twenty items that sold the most pieces.</summary>
    public IReadOnlyList<BestSeller> BestSellers => View.BestSellers(20);

    /// <summary>The newest two hours of revenue windows.</summary>
    public IReadOnlyList<RevenueWindow> Revenue => View.Revenue(12);

    /// <summary>Grows with every change of any result.</summary>
    public long Version => View.Version;

    /// <summary>Starts the topology, from its last checkpoint if there is one.</summary>
    /// <param name="bootstrapServers">The broker.</param>
    /// <param name="dataFolder">Folder of the checkpoints; null keeps none, and a restart reads the topic from its beginning.</param>
    /// <param name="isBounded">Whether to end with what the topic holds now.</param>
    /// <param name="loggers">Where to log.</param>
    public static async Task<RetailAnalytics> StartAsync(
        string bootstrapServers, string? dataFolder, bool isBounded = false, ILoggerFactory? loggers = null) =>
        new(await InvoiceTopic.OpenAsync(bootstrapServers).ConfigureAwait(false), dataFolder, isBounded, loggers);

    /// <summary>What was bought together with the item, the most often first.</summary>
    public IReadOnlyList<CoPurchase> BoughtWith(string stockCode, int count) => View.BoughtWith(stockCode, count);

    /// <summary>Sends the lines of an order and waits until the broker has them.</summary>
    public ValueTask SendAsync(IReadOnlyList<InvoiceLine> linesOfOneInvoice, CancellationToken cancellation = default) =>
        _producer.SendAsync(linesOfOneInvoice, cancellation);

    /// <summary>Sends the lines of an order without waiting for the broker, except while the client's queue is full.</summary>
    public async ValueTask PostAsync(IReadOnlyList<InvoiceLine> linesOfOneInvoice, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(linesOfOneInvoice);
        foreach (InvoiceLine line in linesOfOneInvoice)
        {
            await _producer.PostAsync(line, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Waits until everything that is in the topic has gone through, is in a checkpoint and shows in the results; fails when the topology fails.
    /// For live input that has come to rest.
    /// </summary>
    public async Task CaughtUpAsync(CancellationToken cancellation = default)
    {
        while (await Task.Run(Lag, cancellation).ConfigureAwait(false) > 0)
        {
            if (_run.Completion.IsCompleted)
            {
                await _run.Completion.ConfigureAwait(false);
            }

            await Task.Delay(LookAgain, cancellation).ConfigureAwait(false);
        }

        // Open revenue windows show their value a moment later than the sums of the items.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        while (View.LateLines == 0 && View.Revenue(int.MaxValue).Sum(window => window.Revenue) != View.Sales.Values.Sum(sales => sales.Revenue))
        {
            await Task.Delay(RetailTopology.UpdateEvery, limit.Token).ConfigureAwait(false);
        }
    }

    /// <summary>Stops behind a last checkpoint.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await _run.StopAsync().ConfigureAwait(false);
        }
        catch (TopologyException)
        {
            // It has failed; Run.Completion says how.
        }

        await _cluster.DisposeAsync().ConfigureAwait(false);
        await _producer.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Records behind the group's committed offsets, which the spout writes after each checkpoint.</summary>
    private long Lag()
    {
        using IConsumer<byte[], byte[]> consumer = new ConsumerBuilder<byte[], byte[]>(
            new ConsumerConfig { BootstrapServers = _topic.BootstrapServers, GroupId = Group, EnableAutoCommit = false }).SetLogHandler((_, _) => { }).Build();
        List<TopicPartitionOffset> committed = consumer.Committed(
            Enumerable.Range(0, _topic.Partitions).Select(partition => new TopicPartition(_topic.Name, partition)), Patience);
        return committed.Sum(place =>
        {
            WatermarkOffsets range = consumer.QueryWatermarkOffsets(place.TopicPartition, Patience);
            return range.High - (place.Offset.IsSpecial ? range.Low : place.Offset.Value);
        });
    }
}
