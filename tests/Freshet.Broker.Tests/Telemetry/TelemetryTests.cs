using System.Buffers;
using System.Collections.Concurrent;
using Freshet.Node;
using Freshet.Node.Testing;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Records;
using Freshet.Storage.Records;

namespace Freshet.Broker.Tests.Telemetry;

/// <summary>Clients that push metrics about themselves, request by request.</summary>
public sealed class TelemetryTests : IAsyncLifetime
{
    private static readonly TimeSpan FiveMinutes = TimeSpan.FromMinutes(5);
    private readonly AdjustableClock _clock = new();
    private readonly ConcurrentQueue<ClientTelemetry> _received = new();
    private FreshetNode? _node;
    private WireClient? _client;

    private WireClient Client => _client!;

    public async ValueTask InitializeAsync()
    {
        _node = await FreshetNode.StartAsync(
            new FreshetNodeOptions
            {
                MetricsPort = 0,
                ConfigureBroker = broker => (broker.ClientTelemetryReceiver, broker.MaxClientTelemetryBytes) = (_received.Enqueue, 2000),
            },
            new TestLog(), _clock);
        _client = await WireClient.ConnectAsync(_node);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _node!.DisposeAsync();
    }

    [Fact]
    public async Task A_client_gets_an_id_and_is_asked_for_nothing_while_there_is_no_subscription()
    {
        Subscribed told = await Client.SubscribedAsync();
        Assert.Equal((ErrorCode.None, 300_000, 2000, true), (told.Error, told.IntervalMs, told.MaxBytes, told.Delta));
        Assert.NotEqual(Guid.Empty, told.Client);
        Assert.Equal([4, 3, 1, 2], told.Compressions.Select(type => (int)type));
        Assert.Empty(told.Metrics);
    }

    [Fact]
    public async Task All_subscriptions_that_fit_a_client_are_asked_together_with_the_shortest_interval()
    {
        await Client.IntroduceAsync("freshet-test", "1.2.3");
        await Client.SubscribeAsync("a", ("metrics", "x.,y."), ("interval.ms", "3000"), ("match", "client_software_name=freshet-.*, client_software_version=1\\..*"));
        await Client.SubscribeAsync("b", ("metrics", "y.,z."), ("interval.ms", "2000"), ("match", "client_id=test,client_source_address=127.0.0.1"));
        await Client.SubscribeAsync("c", ("metrics", "not."), ("interval.ms", "1000"), ("match", "client_id=tes"));
        Subscribed told = await Client.SubscribedAsync();
        Assert.Equal(["x.", "y.", "z."], told.Metrics);
        Assert.Equal(2000, told.IntervalMs);
        await Client.SubscribeAsync("d", ("metrics", "*"), ("match", "client_source_port=[0-9]+"));
        Assert.Equal(["*"], (await Client.SubscribedAsync(told.Client)).Metrics);
    }

    [Fact]
    public async Task Who_has_not_said_what_it_is_is_unknown_and_an_id_chooses_one_client()
    {
        await Client.SubscribeAsync("a", ("metrics", "x."), ("match", "client_software_name=unknown"));
        Subscribed told = await Client.SubscribedAsync();
        Assert.Equal(["x."], told.Metrics);
        string id = Convert.ToBase64String(told.Client.ToByteArray(bigEndian: true)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        await Client.SubscribeAsync("b", ("metrics", "y."), ("match", $"client_instance_id={id}"));
        Assert.Equal(["x.", "y."], (await Client.SubscribedAsync(told.Client)).Metrics);
        Assert.Equal(["x."], (await Client.SubscribedAsync(Guid.NewGuid())).Metrics);
    }

    [Fact]
    public async Task A_client_that_comes_before_its_interval_is_over_is_held_back()
    {
        Subscribed told = await Client.SubscribedAsync();
        Assert.Equal(ErrorCode.ThrottlingQuotaExceeded, (await Client.SubscribedAsync(told.Client)).Error);
        // The first push may come early: clients spread it.
        Assert.Equal(ErrorCode.None, await Client.PushAsync(told, Metrics(1)));
        Assert.Equal(ErrorCode.ThrottlingQuotaExceeded, await Client.PushAsync(told, Metrics(2)));
        _clock.Advance(FiveMinutes);
        Assert.Equal(ErrorCode.None, await Client.PushAsync(told, Metrics(3)));
        Assert.Equal(ErrorCode.ThrottlingQuotaExceeded, (await Client.SubscribedAsync(told.Client)).Error);
        _clock.Advance(FiveMinutes);
        Assert.Equal(told with { }, (await Client.SubscribedAsync(told.Client)) with { Compressions = told.Compressions, Metrics = told.Metrics });
        Assert.Equal([Metrics(1), Metrics(3)], _received.Select(push => push.Metrics.ToArray()));
    }

    [Fact]
    public async Task A_push_by_what_is_no_longer_asked_is_refused_and_the_client_may_ask_anew_at_once()
    {
        Subscribed old = await Client.SubscribedAsync();
        await Client.SubscribeAsync("a", ("metrics", "x."));
        Assert.Equal(ErrorCode.UnknownSubscriptionId, await Client.PushAsync(old, Metrics(1)));
        Subscribed told = await Client.SubscribedAsync(old.Client);
        Assert.NotEqual(old.Id, told.Id);
        Assert.Equal(ErrorCode.None, await Client.PushAsync(told, Metrics(2)));
        // A change that does not concern the client changes nothing for it.
        await Client.SubscribeAsync("b", ("metrics", "y."), ("match", "client_id=other"));
        _clock.Advance(FiveMinutes);
        Assert.Equal(ErrorCode.None, await Client.PushAsync(told, Metrics(3)));
        Assert.Equal([Metrics(2), Metrics(3)], _received.Select(push => push.Metrics.ToArray()));
    }

    [Fact]
    public async Task A_client_that_another_broker_told_is_known_by_its_subscription()
    {
        Subscribed told = await Client.SubscribedAsync();
        await using FreshetNode other = await FreshetNode.StartAsync(
            new FreshetNodeOptions { ConfigureBroker = broker => broker.ClientTelemetryReceiver = _received.Enqueue }, new TestLog());
        using WireClient client = await WireClient.ConnectAsync(other);
        Assert.Equal(ErrorCode.None, await client.PushAsync(told, Metrics(1)));
        Assert.Single(_received);
    }

    [Theory]
    [InlineData(Compression.None)]
    [InlineData(Compression.Gzip)]
    [InlineData(Compression.Snappy)]
    [InlineData(Compression.Lz4)]
    [InlineData(Compression.Zstd)]
    public async Task Metrics_are_handed_on_decompressed_with_who_sent_them(Compression codec)
    {
        await Client.IntroduceAsync("freshet-test", "1.2.3");
        Subscribed told = await Client.SubscribedAsync();
        Assert.Equal(ErrorCode.None, await Client.PushAsync(told, Compress(codec, Metrics(7)), (sbyte)codec));
        ClientTelemetry push = Assert.Single(_received);
        Assert.Equal(Metrics(7), push.Metrics.ToArray());
        Assert.Equal(
            (told.Client, "test", "freshet-test", "1.2.3", "127.0.0.1", "User:ANONYMOUS", FiveMinutes, false),
            (push.ClientInstanceId, push.ClientId, push.SoftwareName, push.SoftwareVersion, push.Address, push.Principal, push.PushInterval, push.IsTerminating));
        Assert.NotEqual(0, push.Port);
    }

    [Fact]
    public async Task An_unknown_codec_is_refused_and_the_client_may_ask_anew_at_once()
    {
        Subscribed told = await Client.SubscribedAsync();
        Assert.Equal(ErrorCode.UnsupportedCompressionType, await Client.PushAsync(told, Metrics(1), compression: 9));
        Assert.Equal(ErrorCode.None, (await Client.SubscribedAsync(told.Client)).Error);
        Assert.Empty(_received);
    }

    [Fact]
    public async Task Metrics_are_at_most_as_large_as_told_compressed_or_not()
    {
        foreach ((byte[] metrics, Compression codec) in new[] { (new byte[2001], Compression.None), (Compress(Compression.Gzip, new byte[2001]), Compression.Gzip) })
        {
            Assert.Equal(ErrorCode.TelemetryTooLarge, await Client.PushAsync(await Client.SubscribedAsync(), metrics, (sbyte)codec));
        }

        Assert.Equal(ErrorCode.TelemetryTooLarge, await Client.PushAsync(await Client.SubscribedAsync(), Compress(Compression.Zstd, new byte[10_000_000]), (sbyte)Compression.Zstd));
        Assert.Empty(_received);
        Assert.Equal(ErrorCode.None, await Client.PushAsync(await Client.SubscribedAsync(), Compress(Compression.Gzip, new byte[2000]), (sbyte)Compression.Gzip));
        Assert.Equal(2000, Assert.Single(_received).Metrics.Length);
    }

    [Theory]
    [InlineData(Compression.Gzip)]
    [InlineData(Compression.Snappy)]
    [InlineData(Compression.Lz4)]
    [InlineData(Compression.Zstd)]
    public async Task Bytes_that_the_codec_did_not_write_are_refused(Compression codec)
    {
        Assert.Equal(ErrorCode.InvalidRecord, await Client.PushAsync(await Client.SubscribedAsync(), [1, 2, 3, 4, 5, 6, 7, 8, 9], (sbyte)codec));
        Assert.Empty(_received);
    }

    [Fact]
    public async Task A_client_that_ends_may_push_once_more_at_any_time_and_then_no_more()
    {
        Subscribed told = await Client.SubscribedAsync();
        Assert.Equal(ErrorCode.None, await Client.PushAsync(told, Metrics(1)));
        Assert.Equal(ErrorCode.None, await Client.PushAsync(told, Metrics(2), terminating: true));
        _clock.Advance(FiveMinutes);
        Assert.Equal(ErrorCode.InvalidRequest, await Client.PushAsync(told, Metrics(3)));
        Assert.Equal(ErrorCode.InvalidRequest, await Client.PushAsync(told, Metrics(4), terminating: true));
        Assert.Equal([false, true], _received.Select(push => push.IsTerminating));
    }

    [Fact]
    public async Task A_push_without_metrics_only_says_that_the_client_is_there()
    {
        Assert.Equal(ErrorCode.None, await Client.PushAsync(await Client.SubscribedAsync(), []));
        Assert.Empty(_received);
    }

    [Theory]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    [InlineData("00000000-0000-0000-0000-000000000001")]
    public async Task A_push_names_its_client(string id)
    {
        Subscribed told = await Client.SubscribedAsync();
        Assert.Equal(ErrorCode.InvalidRequest, await Client.PushAsync(told with { Client = Guid.Parse(id) }, Metrics(1)));
    }

    [Fact]
    public async Task A_receiver_that_fails_fails_the_push_and_nothing_else()
    {
        await using FreshetNode node = await FreshetNode.StartAsync(
            new FreshetNodeOptions { ConfigureBroker = broker => broker.ClientTelemetryReceiver = _ => throw new InvalidOperationException("full") });
        using WireClient client = await WireClient.ConnectAsync(node);
        Assert.Equal(ErrorCode.InvalidRecord, await client.PushAsync(await client.SubscribedAsync(), Metrics(1)));
        Assert.Equal(ErrorCode.None, (await client.SubscribedAsync()).Error);
    }

    [Fact]
    public async Task What_becomes_of_pushes_is_counted()
    {
        Subscribed told = await Client.SubscribedAsync();
        await Client.PushAsync(told with { Id = told.Id + 1 }, Metrics(1));
        await Client.PushAsync(await Client.SubscribedAsync(told.Client), Metrics(2));
        await Client.PushAsync(told, Metrics(3));
        await Client.PushAsync(await Client.SubscribedAsync(), [1], (sbyte)Compression.Gzip);
        using var http = new HttpClient();
        string[] figures = (await http.GetStringAsync(new Uri(_node!.MetricsAddress!, "metrics"))).Split('\n');
        Assert.Equal(
            [
                "kafka_server_client_metrics_dropped_total 0",
                "kafka_server_client_metrics_instance_count 2",
                "kafka_server_client_metrics_plugin_error_total 1",
                "kafka_server_client_metrics_plugin_export_bytes_total 4",
                "kafka_server_client_metrics_plugin_export_total 1",
                "kafka_server_client_metrics_throttle_total 1",
                "kafka_server_client_metrics_unknown_subscription_request_total 1",
            ],
            figures.Where(line => line.StartsWith("kafka_server_client_metrics_", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Without_a_receiver_clients_are_not_told_that_they_could_send_metrics()
    {
        await using FreshetNode node = await FreshetNode.StartAsync();
        Assert.Equal([], await TelemetryApisAsync(node));
        Assert.Equal([ApiKey.GetTelemetrySubscriptions, ApiKey.PushTelemetry], await TelemetryApisAsync(_node!));

        static async Task<ApiKey[]> TelemetryApisAsync(FreshetNode node)
        {
            using WireClient client = await WireClient.ConnectAsync(node);
            byte[] body = await client.AskAsync(ApiKey.ApiVersions, 0, (ref KafkaWriter _) => { });
            KafkaReader reader = WireClient.Reader(ApiKey.ApiVersions, 0, body);
            reader.ReadInt16();
            var keys = new List<ApiKey>();
            for (int left = reader.ReadCount(); left > 0; left--)
            {
                keys.Add((ApiKey)reader.ReadInt16());
                reader.ReadInt32();
            }

            return [.. keys.Where(key => key is ApiKey.GetTelemetrySubscriptions or ApiKey.PushTelemetry)];
        }
    }

    /// <summary>A push as small as can be; the broker does not look into it.</summary>
    private static byte[] Metrics(byte mark) => [10, 2, 26, mark];

    private static byte[] Compress(Compression codec, byte[] bytes)
    {
        var output = new ArrayBufferWriter<byte>();
        RecordCodec.Compress(codec, bytes, output);
        return output.WrittenSpan.ToArray();
    }
}
