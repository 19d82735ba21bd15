using Freshet.Node;
using Freshet.Streams;
using Freshet.Streams.Kafka;
using Freshet.Streams.Testing;
using Freshet.Tests.Support;
using Storefront.Invoices;
using Storefront.Retail;

namespace Storefront.Tests.Retail;

public class InvoiceReplayTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_replay_that_was_stopped_goes_on_behind_what_the_topic_holds_also_when_orders_came_in_between()
    {
        using var folder = new TemporaryFolder();
        string file = SmallInvoiceLog.Write(folder.Path, invoices: 200);
        await using FreshetNode node = await FreshetNode.StartAsync();
        InvoiceTopic topic = await InvoiceTopic.OpenAsync(node.BootstrapServers!);
        await using (InvoiceReplay first = InvoiceReplay.Start(topic, file, speed: SmallInvoiceLog.Span.TotalSeconds / 2))
        {
            await UntilAsync(() => first.Rows > 300);
            Assert.False(first.IsDone);
        }

        InvoiceLine order = new(0, "W1", "S1", "", 1, DateTimeOffset.UnixEpoch, 1m, null, "France");
        await using (var producer = new InvoiceProducer(topic))
        {
            // More than the replay looks at in one go, in the partition of its first invoice.
            for (int i = 0; i < 1_500; i++)
            {
                await producer.PostAsync(order with { InvoiceNo = "500000" });
            }

            await producer.FlushAsync();
        }

        await using (InvoiceReplay second = InvoiceReplay.Start(topic, file))
        {
            await second.Completion.WaitAsync(Patience);
            Assert.True(second.IsDone);
        }

        InvoiceLine[] expected = [.. InvoiceLog.Read(file, new RejectedRows())];
        Assert.Equal(expected, (await ReadAsync(topic)).Where(line => line.Line > 0).OrderBy(line => line.Line));
    }

    [Fact]
    public void A_speed_of_zero_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => InvoiceReplay.Check(0));

    [Fact]
    public async Task A_file_that_does_not_exist_fails_the_replay()
    {
        await using FreshetNode node = await FreshetNode.StartAsync();
        await using InvoiceReplay replay = InvoiceReplay.Start(await InvoiceTopic.OpenAsync(node.BootstrapServers!), "no-such-file.csv");
        await Assert.ThrowsAsync<FileNotFoundException>(() => replay.Completion.WaitAsync(Patience));
    }

    private static async Task<IReadOnlyCollection<InvoiceLine>> ReadAsync(InvoiceTopic topic)
    {
        var sink = new CollectingSink<InvoiceLine>();
        var options = new KafkaSpoutOptions<InvoiceLine> { BootstrapServers = topic.BootstrapServers, Topic = topic.Name, Decoder = InvoiceTopic.Decode, IsBounded = true };
        var builder = new TopologyBuilder("read");
        builder.AddSpout("lines", () => new KafkaSpout<InvoiceLine>(options)).AddSink("collect", () => sink);
        await using var cluster = new LocalCluster();
        await cluster.Submit(builder.Build()).Completion.WaitAsync(Patience);
        return sink.Tuples;
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (!condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), deadline.Token);
        }
    }
}
