using Confluent.Kafka;
using Freshet.Broker.InProcess;
using Freshet.Node;
using Freshet.Node.Testing;

namespace Shop.Tests;

/// <summary>The example of docs/testing.md, word for word; <c>TestingPageTests</c> compares them.</summary>
public sealed class OrderServiceTests : IAsyncLifetime
{
    private readonly AdjustableClock _clock = new();
    private FreshetNode _node = null!;

    // A node per test: nothing is shared, and tests run in parallel.
    public async ValueTask InitializeAsync() => _node = await FreshetNode.StartAsync(time: _clock);

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task Every_order_is_answered_by_an_invoice()
    {
        await _node.Kafka.CreateTopicAsync("orders", partitions: 3);
        await _node.Kafka.ProduceAsync("orders", ("anna", "2 umbrellas"), ("ben", "1 kettle"));

        await using var service = new InvoiceService(_node.BootstrapServers!);

        IReadOnlyList<TopicRecord> invoices = await _node.Kafka.WaitForRecordsAsync("invoices", count: 2);
        Assert.Equal(["invoice for 1 kettle", "invoice for 2 umbrellas"], invoices.Select(invoice => invoice.ValueText).Order());
        await _node.Kafka.WaitUntilConsumedAsync("invoicing", "orders");
    }

    [Fact]
    public async Task Two_instances_share_the_work()
    {
        await _node.Kafka.CreateTopicAsync("orders", partitions: 2);
        await using var first = new InvoiceService(_node.BootstrapServers!);
        await using var second = new InvoiceService(_node.BootstrapServers!);

        await _node.Kafka.WaitForMembersAsync("invoicing", count: 2);
    }

    [Fact]
    public async Task Old_orders_are_gone_after_a_week()
    {
        await _node.Kafka.CreateTopicAsync("orders", settings: new Dictionary<string, string> { ["retention.ms"] = "604800000" });
        await _node.Kafka.ProduceAsync("orders", ("anna", "2 umbrellas"));

        _clock.Advance(TimeSpan.FromDays(8));

        await _node.Kafka.WaitForNoRecordsAsync("orders");
    }
}

/// <summary>What is tested: it reads orders and writes invoices.</summary>
public sealed class InvoiceService : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    public InvoiceService(string bootstrapServers) => _running = Task.Run(() => Run(bootstrapServers));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
    }

    private void Run(string bootstrapServers)
    {
        using IProducer<string, string> producer = new ProducerBuilder<string, string>(new ProducerConfig { BootstrapServers = bootstrapServers }).Build();
        using IConsumer<string, string> consumer = new ConsumerBuilder<string, string>(new ConsumerConfig
        {
            BootstrapServers = bootstrapServers,
            GroupId = "invoicing",
            AutoOffsetReset = AutoOffsetReset.Earliest,
            EnableAutoCommit = false,
        }).Build();
        consumer.Subscribe("orders");
        try
        {
            while (true)
            {
                ConsumeResult<string, string> order = consumer.Consume(_stop.Token);
                producer.Produce("invoices", new Message<string, string> { Key = order.Message.Key, Value = $"invoice for {order.Message.Value}" });
                producer.Flush();
                consumer.Commit(order);
            }
        }
        catch (OperationCanceledException)
        {
            consumer.Close();
        }
    }
}
