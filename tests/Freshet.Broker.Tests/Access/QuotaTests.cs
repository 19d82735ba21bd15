using Confluent.Kafka;
using Freshet.Broker.Quotas;
using Freshet.Broker.Tests.Fetching;
using Freshet.Node;
using Freshet.Protocol.Kafka;
using ErrorCode = Freshet.Protocol.Kafka.ErrorCode;
using Microsoft.Extensions.Time.Testing;

namespace Freshet.Broker.Tests.Access;

public class QuotaTests
{
    [Fact]
    public void A_rate_over_the_limit_waits_until_it_has_fallen_to_it()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(1_000_000));
        var window = new RateWindow(clock);
        Assert.Equal(TimeSpan.Zero, window.Add(1000, limit: 100));
        TimeSpan wait = window.Add(500, limit: 100);
        Assert.Equal(5, wait.TotalSeconds, precision: 3); // 1500 in 10 seconds is half too much: 15 seconds at 100.
        clock.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(TimeSpan.Zero, window.Add(1, limit: 100));
    }

    [Fact]
    public void What_is_taken_back_does_not_count()
    {
        var window = new RateWindow(new FakeTimeProvider());
        Assert.NotEqual(TimeSpan.Zero, window.Add(1_000_000, limit: 10));
        Assert.Equal(TimeSpan.Zero, window.Add(-1_000_000, limit: 10));
    }

    [Fact]
    public void A_burst_of_changes_passes_and_then_waits_for_tokens()
    {
        var clock = new FakeTimeProvider();
        var bucket = new TokenBucket(clock);
        Assert.Equal(TimeSpan.Zero, bucket.Take(22, perSecond: 2));
        Assert.Equal(TimeSpan.FromSeconds(5), bucket.Take(10, perSecond: 2));
        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(TimeSpan.Zero, bucket.Wait(perSecond: 2));
    }

    [Fact]
    public async Task Every_kind_of_entity_has_quotas_of_its_own()
    {
        string[] strongestFirst = ["user:u client-id:c", "user:u client-id:", "user:u", "user: client-id:c", "user: client-id:", "user:", "client-id:c", "client-id:"];
        await using FreshetNode node = await KafkaClients.StartAsync();
        using RawConnection client = await RawConnection.OpenAsync(node.BootstrapServers!);
        for (int number = strongestFirst.Length - 1; number >= 0; number--)
        {
            Assert.Equal(0, await AlterAsync(client, strongestFirst[number], QuotaKey.ProducerBytes, number + 1));
        }

        byte[] all = (await client.AskAsync(ApiKey.DescribeClientQuotas, 0, (ref KafkaWriter writer) =>
        {
            writer.WriteLength(0);
            writer.WriteBool(false);
        }))!;
        Assert.Equal(strongestFirst.Length, System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(all.AsSpan(4 + 4 + 2 + 2)));
    }

    [Fact]
    public async Task The_most_special_entity_wins()
    {
        const double Tight = 1e-9;
        const double Wide = 1e9;
        string[] weakestFirst =
        [
            "client-id:", "client-id:raw", "user:", "user: client-id:", "user: client-id:raw", "user:ANONYMOUS", "user:ANONYMOUS client-id:", "user:ANONYMOUS client-id:raw",
        ];
        await using FreshetNode node = await KafkaClients.StartAsync();
        for (int number = 0; number < weakestFirst.Length; number++)
        {
            // Weaker ones are wide but for the one before, which is tight.
            await SetAsync(number, Wide);
            Assert.True(await ThrottleOfAsync(node, "raw") == 0, weakestFirst[number]);
            await SetAsync(Math.Max(number - 1, 0), Wide);
            await SetAsync(number, Tight);
            Assert.True(await ThrottleOfAsync(node, "raw") > 0, weakestFirst[number]);
        }

        async Task SetAsync(int number, double limit)
        {
            // Each on a connection of its own: it may be held back.
            using RawConnection admin = await RawConnection.OpenAsync(node.BootstrapServers!, "admin");
            Assert.Equal(0, await AlterAsync(admin, weakestFirst[number], QuotaKey.RequestPercentage, limit));
        }
    }

    [Fact]
    public async Task A_client_that_keeps_the_broker_busy_waits_a_second_at_most()
    {
        await using FreshetNode node = await KafkaClients.StartAsync();
        using RawConnection admin = await RawConnection.OpenAsync(node.BootstrapServers!);
        Assert.Equal(0, await AlterAsync(admin, "client-id:busy", QuotaKey.RequestPercentage, 1e-9));
        Assert.Equal(1000, await ThrottleOfAsync(node, "busy"));
        Assert.Equal(0, await ThrottleOfAsync(node, "idle"));
    }

    [Fact]
    public async Task A_consumer_gets_what_its_quota_lets_pass_and_then_waits()
    {
        await using FreshetNode node = await StartWithRecordsAsync(count: 20, bytes: 1500);
        using RawConnection admin = await RawConnection.OpenAsync(node.BootstrapServers!);
        Assert.Equal(0, await AlterAsync(admin, "client-id:test", QuotaKey.ConsumerBytes, 1000));
        Fetched first = await FetchAsync(node);
        Assert.Equal(0, first.ThrottleMs);
        Assert.InRange(first.Partitions.Sum(partition => partition.RecordBytes), 5000, 10_000);
        Fetched last = first;
        for (int attempts = 0; last.ThrottleMs == 0 && attempts < 50; attempts++)
        {
            last = await FetchAsync(node);
        }

        Assert.True(last.ThrottleMs > 0);
        Assert.Empty(last.Partitions);
    }

    [Fact]
    public async Task A_batch_over_the_quota_comes_all_the_same()
    {
        await using FreshetNode node = await StartWithRecordsAsync(count: 1, bytes: 5000);
        using RawConnection admin = await RawConnection.OpenAsync(node.BootstrapServers!);
        Assert.Equal(0, await AlterAsync(admin, "client-id:test", QuotaKey.ConsumerBytes, 100));
        Fetched fetched = await FetchAsync(node);
        Assert.InRange(Assert.Single(fetched.Partitions).RecordBytes, 5000, 6000);
        Assert.True(fetched.ThrottleMs > 0);
    }

    [Fact]
    public async Task Connections_beyond_the_quota_of_their_address_are_closed()
    {
        await using FreshetNode node = await KafkaClients.StartAsync();
        using (RawConnection admin = await RawConnection.OpenAsync(node.BootstrapServers!))
        {
            Assert.Equal(0, await AlterAsync(admin, "ip:127.0.0.1", QuotaKey.Connections, 1));
        }

        int?[] throttles = await Task.WhenAll(Enumerable.Range(0, 14).Select(_ => TryThrottleOfAsync(node, "raw")));
        Assert.Contains(0, throttles);
        Assert.Contains(null, throttles);
    }

    [Theory]
    [InlineData("user:u ip:10.0.0.1", QuotaKey.ProducerBytes, 1, 42)]
    [InlineData("group:g", QuotaKey.ProducerBytes, 1, 42)]
    [InlineData("user:u", "no_such_rate", 1, 42)]
    [InlineData("user:u", QuotaKey.Connections, 1, 42)]
    [InlineData("ip:10.0.0.1", QuotaKey.ProducerBytes, 1, 42)]
    [InlineData("ip:here", QuotaKey.Connections, 1, 42)]
    [InlineData("user:u", QuotaKey.ProducerBytes, -1, 42)]
    [InlineData("user:u", QuotaKey.ProducerBytes, 1.5, 42)]
    [InlineData("user:u", QuotaKey.ProducerBytes, double.NaN, 42)]
    [InlineData("user:u", QuotaKey.RequestPercentage, 1.5, 0)]
    [InlineData("ip:10.0.0.1", QuotaKey.Connections, 1, 0)]
    public async Task A_quota_without_a_meaning_is_refused(string entity, string key, double value, int error)
    {
        await using FreshetNode node = await KafkaClients.StartAsync();
        using RawConnection client = await RawConnection.OpenAsync(node.BootstrapServers!);
        Assert.Equal(error, await AlterAsync(client, entity, key, value));
    }

    [Fact]
    public async Task A_producer_over_its_quota_is_told_to_wait_and_one_of_another_name_is_not()
    {
        await using FreshetNode node = await KafkaClients.StartAsync();
        using RawConnection admin = await RawConnection.OpenAsync(node.BootstrapServers!);
        Assert.Equal(0, await AlterAsync(admin, "client-id:slow", QuotaKey.ProducerBytes, 2000));
        Assert.True(await ThrottleOfAsync("slow") > 0);
        Assert.Equal(0, await ThrottleOfAsync("quick"));

        async Task<long> ThrottleOfAsync(string clientId)
        {
            long most = 0;
            using IProducer<string, string> producer = new ProducerBuilder<string, string>(new ProducerConfig
            {
                BootstrapServers = node.BootstrapServers,
                ClientId = clientId,
                StatisticsIntervalMs = 50,
            }).SetStatisticsHandler((_, statistics) => most = Math.Max(most, ThrottleIn(statistics))).Build();
            await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => producer.ProduceAsync("t", new Message<string, string> { Value = new string('x', 8000) })));
            await producer.ProduceAsync("t", new Message<string, string> { Value = "last" });
            producer.Flush(KafkaClients.Patience);
            return most;
        }
    }

    [Fact]
    public async Task Topics_beyond_the_quota_are_refused_until_later()
    {
        await using FreshetNode node = await KafkaClients.StartAsync();
        using RawConnection client = await RawConnection.OpenAsync(node.BootstrapServers!);
        Assert.Equal(0, await AlterAsync(client, "client-id:raw", QuotaKey.ControllerMutations, 0.001));
        Assert.Equal(ErrorCode.None, await CreateAsync("a"));
        Assert.Equal(ErrorCode.ThrottlingQuotaExceeded, await CreateAsync("b"));

        async Task<ErrorCode> CreateAsync(string topic)
        {
            // Each on a connection of its own: that of the first is held back.
            using RawConnection one = await RawConnection.OpenAsync(node.BootstrapServers!);
            byte[] answer = (await one.AskAsync(ApiKey.CreateTopics, 6, (ref KafkaWriter writer) =>
            {
                writer.WriteLength(1);
                writer.WriteString(topic);
                writer.WriteInt32(3);
                writer.WriteInt16(1);
                writer.WriteLength(0);
                writer.WriteLength(0);
                writer.WriteNoTags();
                writer.WriteInt32(1000);
                writer.WriteBool(false);
                writer.WriteNoTags();
            }))!;
            // Correlation id, tags, throttle, count, name with its length, error.
            return (ErrorCode)System.Buffers.Binary.BinaryPrimitives.ReadInt16BigEndian(answer.AsSpan(4 + 1 + 4 + 1 + 1 + topic.Length));
        }
    }

    /// <summary>What a client is told to wait after a request on a new connection, in milliseconds.</summary>
    private static async Task<int> ThrottleOfAsync(FreshetNode node, string clientId) => (await TryThrottleOfAsync(node, clientId))!.Value;

    /// <summary>Null when the connection is closed without an answer.</summary>
    private static async Task<int?> TryThrottleOfAsync(FreshetNode node, string clientId)
    {
        using RawConnection client = await RawConnection.OpenAsync(node.BootstrapServers!, clientId);
        byte[]? answer = await client.AskAsync(ApiKey.ApiVersions, 1, (ref KafkaWriter _) => { });
        return answer is null ? null : System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(answer.AsSpan(^4..));
    }

    /// <summary>A node whose topic t has that many batches of one record.</summary>
    private static async Task<FreshetNode> StartWithRecordsAsync(int count, int bytes)
    {
        FreshetNode node = await KafkaClients.StartAsync();
        using IProducer<string, string> producer = node.Producer();
        for (int number = 0; number < count; number++)
        {
            await producer.ProduceAsync("t", new Message<string, string> { Value = new string('x', bytes) });
        }

        return node;
    }

    /// <summary>Fetches from the beginning, on a new connection.</summary>
    private static async Task<Fetched> FetchAsync(FreshetNode node)
    {
        using WireClient client = await WireClient.ConnectAsync(node);
        return await client.FetchAsync(version: 12, sessionId: 0, epoch: -1, [new Wanted("t", Guid.Empty, 0, 0)]);
    }

    private static long ThrottleIn(string statistics)
    {
        using var json = System.Text.Json.JsonDocument.Parse(statistics);
        return json.RootElement.GetProperty("brokers").EnumerateObject().Select(broker => broker.Value.GetProperty("throttle").GetProperty("max").GetInt64()).DefaultIfEmpty().Max();
    }

    /// <summary>Sets a quota for an entity written as <c>type:name type:name</c>, no name for the default; returns the error.</summary>
    private static async Task<int> AlterAsync(RawConnection client, string entity, string key, double value)
    {
        string[][] parts = [.. entity.Split(' ').Select(part => part.Split(':', 2))];
        byte[] answer = (await client.AskAsync(ApiKey.AlterClientQuotas, 0, (ref KafkaWriter writer) =>
        {
            writer.WriteLength(1);
            writer.WriteLength(parts.Length);
            foreach (string[] part in parts)
            {
                writer.WriteString(part[0]);
                writer.WriteString(part[1].Length == 0 ? null : part[1]);
            }

            writer.WriteLength(1);
            writer.WriteString(key);
            writer.WriteDouble(value);
            writer.WriteBool(false);
            writer.WriteBool(false);
        }))!;
        return System.Buffers.Binary.BinaryPrimitives.ReadInt16BigEndian(answer.AsSpan(4 + 4 + 4));
    }
}
