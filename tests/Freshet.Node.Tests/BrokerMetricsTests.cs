using System.Globalization;
using Confluent.Kafka;

namespace Freshet.Node.Tests;

/// <summary>The broker's figures as Prometheus reads them.</summary>
public class BrokerMetricsTests
{
    [Fact]
    public async Task What_clients_do_is_counted_under_Kafkas_names()
    {
        await using FreshetNode node = await FreshetNode.StartAsync(new FreshetNodeOptions { MetricsPort = 0 });
        await node.Kafka.CreateTopicAsync("t", partitions: 2);
        using IProducer<string, string> producer = new ProducerBuilder<string, string>(new ProducerConfig { BootstrapServers = node.BootstrapServers }).Build();
        for (int number = 0; number < 10; number++)
        {
            await producer.ProduceAsync(new TopicPartition("t", 0), new Message<string, string> { Value = new string('v', 100) });
        }

        using IConsumer<string, string> consumer = new ConsumerBuilder<string, string>(new ConsumerConfig
        {
            BootstrapServers = node.BootstrapServers,
            GroupId = "g \"1\"",
            AutoOffsetReset = AutoOffsetReset.Earliest,
            EnableAutoCommit = false,
        }).Build();
        consumer.Subscribe("t");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        for (int number = 0; number < 10; number++)
        {
            consumer.Consume(patience.Token);
        }

        consumer.Commit([new TopicPartitionOffset("t", 0, 4)]);
        Dictionary<string, double> metrics = await ReadAsync(node.MetricsAddress!);
        Assert.Equal(10, metrics["kafka_server_brokertopicmetrics_messagesin_total"]);
        Assert.Equal(10, metrics["kafka_server_brokertopicmetrics_messagesin_total{topic=\"t\"}"]);
        Assert.InRange(metrics["kafka_server_brokertopicmetrics_bytesin_total{topic=\"t\"}"], 1000, 3000);
        Assert.Equal(metrics["kafka_server_brokertopicmetrics_bytesin_total{topic=\"t\"}"], metrics["kafka_server_brokertopicmetrics_bytesout_total{topic=\"t\"}"]);
        Assert.Equal(10, metrics["kafka_network_requestmetrics_requests_total{request=\"Produce\"}"]);
        Assert.Equal(10, metrics["kafka_network_requestmetrics_totaltimems_bucket{request=\"Produce\",le=\"+Inf\"}"]);
        Assert.True(metrics["kafka_network_requestmetrics_totaltimems_sum{request=\"Produce\"}"] > 0);
        Assert.True(metrics["kafka_network_requestmetrics_errors_total{request=\"JoinGroup\",error=\"MemberIdRequired\"}"] >= 1);
        Assert.Equal(10, metrics["kafka_log_log_logendoffset{topic=\"t\",partition=\"0\"}"]);
        Assert.Equal(0, metrics["kafka_log_log_logendoffset{topic=\"t\",partition=\"1\"}"]);
        Assert.True(metrics["kafka_log_log_size{topic=\"t\",partition=\"0\"}"] > 1000);
        Assert.Equal(1, metrics["kafka_log_log_numlogsegments{topic=\"t\",partition=\"0\"}"]);
        Assert.Equal(4, metrics["kafka_consumergroup_current_offset{consumergroup=\"g \\\"1\\\"\",topic=\"t\",partition=\"0\"}"]);
        Assert.Equal(6, metrics["kafka_consumergroup_lag{consumergroup=\"g \\\"1\\\"\",topic=\"t\",partition=\"0\"}"]);
        Assert.Equal(1, metrics["kafka_consumergroup_members{consumergroup=\"g \\\"1\\\"\"}"]);
        Assert.True(metrics["kafka_server_socketservermetrics_connection_count{listener=\"PLAINTEXT\"}"] >= 2);
        Assert.Equal(2, metrics["kafka_controller_kafkacontroller_globaltopiccount"]);
        Assert.Equal(0, metrics["kafka_controller_kafkacontroller_offlinepartitionscount"]);
        Assert.True(metrics.ContainsKey("znode_count"));
    }

    [Fact]
    public async Task Refused_records_are_counted_as_failures()
    {
        await using FreshetNode node = await FreshetNode.StartAsync(new FreshetNodeOptions { MetricsPort = 0 });
        await node.Kafka.CreateTopicAsync("t", settings: new Dictionary<string, string> { ["max.message.bytes"] = "100" });
        using IProducer<string, string> producer = new ProducerBuilder<string, string>(new ProducerConfig { BootstrapServers = node.BootstrapServers }).Build();
        await Assert.ThrowsAsync<ProduceException<string, string>>(() => producer.ProduceAsync("t", new Message<string, string> { Value = new string('v', 1000) }));
        Dictionary<string, double> metrics = await ReadAsync(node.MetricsAddress!);
        Assert.Equal(1, metrics["kafka_server_brokertopicmetrics_failedproducerequests_total{topic=\"t\"}"]);
        Assert.Equal(1, metrics["kafka_network_requestmetrics_errors_total{request=\"Produce\",error=\"MessageTooLarge\"}"]);
        Assert.Equal(0, metrics["kafka_server_brokertopicmetrics_messagesin_total"]);
    }

    /// <summary>Reads as Prometheus does: a name has its type before its values and comes in one block, and no value comes twice.</summary>
    private static async Task<Dictionary<string, double>> ReadAsync(Uri address)
    {
        using var http = new HttpClient { BaseAddress = address };
        string[] lines = (await http.GetStringAsync("metrics")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var values = new Dictionary<string, double>();
        string? block = null;
        foreach (string line in lines)
        {
            if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                block = line.Split(' ')[2];
            }
            else if (line[0] != '#')
            {
                int end = line.LastIndexOf(' ');
                Assert.Equal(block, line[..end].Split('{')[0]);
                values.Add(line[..end], double.Parse(line[(end + 1)..], CultureInfo.InvariantCulture));
            }
        }

        return values;
    }
}
