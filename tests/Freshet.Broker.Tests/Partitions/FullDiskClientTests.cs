using Confluent.Kafka;
using Freshet.Node;
using Freshet.Protocol.Kafka;
using Freshet.Tests.Support;
using ErrorCode = Confluent.Kafka.ErrorCode;
using WireError = Freshet.Protocol.Kafka.ErrorCode;

namespace Freshet.Broker.Tests.Partitions;

/// <summary>A node in this process on a real file system that is full, as its clients see it: with the broker's data on it, or all of it.</summary>
public sealed class FullDiskClientTests : IDisposable
{
    private const string Skipped = "No file system can be mounted: this test would fill one.";

    private readonly TemporaryFolder _roomy = new();

    public void Dispose() => _roomy.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_topic_refuses_records_with_a_storage_error_until_space_returns_and_is_read_meanwhile(bool withCoordination)
    {
        using SmallDisk? disk = SmallDisk.TryCreate(4096);
        Assert.SkipWhen(disk is null, Skipped);
        var acknowledged = new List<string>();
        await using (FreshetNode node = await StartAsync(disk, withCoordination))
        {
            await node.CreateTopicAsync("t", 1);
            acknowledged.Add(await ProduceAsync(node, "before"));
            using (Fill(disk))
            {
                await ExhaustAsync(node, acknowledged);
                Assert.Equal(acknowledged, Read(node, acknowledged.Count));
            }

            acknowledged.Add(await ProduceAsync(node, "after"));
            Assert.Equal(acknowledged, Read(node, acknowledged.Count));
        }

        await using FreshetNode again = await StartAsync(disk, withCoordination);
        Assert.Equal(acknowledged, Read(again, acknowledged.Count));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_group_keeps_its_offsets_and_has_clients_ask_again_until_space_returns(bool withCoordination)
    {
        using SmallDisk? disk = SmallDisk.TryCreate(4096);
        Assert.SkipWhen(disk is null, Skipped);
        var partition = new TopicPartition("t", 0);
        await using (FreshetNode node = await StartAsync(disk, withCoordination))
        {
            await node.CreateTopicAsync("t", 1);
            await node.CommitAsync("g", new TopicPartitionOffset(partition, 1));
            using IConsumer<string, string> consumer = node.Consumer("g");
            using WireClient client = await WireClient.ConnectAsync(node);
            using (Fill(disk))
            {
                long last = await ExhaustCommitsAsync(client);
                Assert.Equal(last, Assert.Single(consumer.Committed([partition], KafkaClients.Patience)).Offset.Value);
            }

            consumer.Commit([new TopicPartitionOffset(partition, 5000)]);
        }

        await using FreshetNode again = await StartAsync(disk, withCoordination);
        using IConsumer<string, string> reader = again.Consumer("g");
        Assert.Equal(5000, Assert.Single(reader.Committed([partition], KafkaClients.Patience)).Offset.Value);
    }

    [Theory]
    [InlineData(GroupProtocol.Classic)]
    [InlineData(GroupProtocol.Consumer)]
    public async Task A_consumer_that_joins_on_a_full_disk_is_given_its_partitions_when_space_returns(GroupProtocol protocol)
    {
        using SmallDisk? disk = SmallDisk.TryCreate(4096);
        Assert.SkipWhen(disk is null, Skipped);
        await using FreshetNode node = await StartAsync(disk, withCoordination: true);
        await node.CreateTopicAsync("t", 1);
        await ProduceAsync(node, "v");
        await node.CommitAsync("g", new TopicPartitionOffset("t", 0, 0));
        using IConsumer<string, string> consumer = new ConsumerBuilder<string, string>(new ConsumerConfig
        {
            BootstrapServers = node.BootstrapServers,
            GroupId = "joining",
            GroupProtocol = protocol,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            EnableAutoCommit = false,
        }).Build();
        using WireClient client = await WireClient.ConnectAsync(node);
        using (Fill(disk))
        {
            await ExhaustCommitsAsync(client);
            consumer.Subscribe("t");
            Assert.Null(consumer.Consume(TimeSpan.FromSeconds(1)));
        }

        Assert.Equal("v", Assert.Single(consumer.Take(1)).Message.Value);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_transaction_that_no_disk_takes_the_end_of_is_committed_when_space_returns(bool withCoordination)
    {
        using SmallDisk? disk = SmallDisk.TryCreate(4096);
        Assert.SkipWhen(disk is null, Skipped);
        await using FreshetNode node = await StartAsync(disk, withCoordination);
        await node.CreateTopicAsync("t", 1);
        using IProducer<string, string> producer = Open(node);
        using WireClient client = await WireClient.ConnectAsync(node);
        using (Fill(disk))
        {
            WireError refused;
            for (int other = 0; (refused = await InitAsync(client, $"other{other}")) == WireError.None; other++)
            {
            }

            Assert.Equal(WireError.CoordinatorNotAvailable, refused);
            Assert.Throws<KafkaRetriableException>(() => producer.CommitTransaction(TimeSpan.FromSeconds(1)));
        }

        producer.CommitTransaction(KafkaClients.Patience);
        Assert.Equal(["in transaction"], Read(node, 1, IsolationLevel.ReadCommitted));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_transaction_whose_marker_finds_no_space_shows_when_space_returns(bool withCoordination)
    {
        using SmallDisk? disk = SmallDisk.TryCreate(4096);
        Assert.SkipWhen(disk is null, Skipped);
        await using FreshetNode node = await StartAsync(disk, withCoordination);
        await node.CreateTopicAsync("t", 1);
        using IProducer<string, string> producer = Open(node);
        var acknowledged = new List<string> { "in transaction" };
        using IConsumer<string, string> reader = node.Consumer("g", config => (config.IsolationLevel, config.EnablePartitionEof) = (IsolationLevel.ReadCommitted, true));
        using (Fill(disk))
        {
            // The decision has room where transactions are kept; the topic has none, not for a marker either.
            await ExhaustAsync(node, acknowledged, size: 1);
            producer.CommitTransaction(KafkaClients.Patience);
            reader.Assign(new TopicPartitionOffset("t", 0, 0));
            Assert.True(reader.Consume(KafkaClients.Patience).IsPartitionEOF, "The transaction shows although its marker has no room.");
        }

        Assert.Equal(acknowledged, Read(node, acknowledged.Count, IsolationLevel.ReadCommitted));
    }

    private ValueTask<FreshetNode> StartAsync(SmallDisk disk, bool withCoordination) => FreshetNode.StartAsync(
        new FreshetNodeOptions
        {
            DataDirectory = withCoordination ? disk.Path : _roomy.Path,
            ConfigureBroker = broker =>
            {
                broker.DataDirectory = withCoordination ? broker.DataDirectory : Path.Combine(disk.Path, "broker");
                (broker.OffsetsPartitions, broker.TransactionPartitions) = (1, 1);
                broker.TransactionSweepInterval = TimeSpan.FromMilliseconds(50);
            },
        },
        new TestLog());

    /// <summary>Takes all space there is, until disposed.</summary>
    private static Filler Fill(SmallDisk disk) => new(Path.Combine(disk.Path, "filler"));

    /// <summary>Opens a transaction with one record in it.</summary>
    private static IProducer<string, string> Open(FreshetNode node)
    {
        IProducer<string, string> producer = node.Producer(config => config.TransactionalId = "id");
        producer.InitTransactions(KafkaClients.Patience);
        producer.BeginTransaction();
        producer.Produce("t", new Message<string, string> { Value = "in transaction" });
        producer.Flush(KafkaClients.Patience);
        return producer;
    }

    /// <summary>Produces until the broker takes nothing more.</summary>
    private static async Task ExhaustAsync(FreshetNode node, List<string> acknowledged, int size = 500)
    {
        using IProducer<string, string> producer = node.Producer(config => (config.EnableIdempotence, config.MessageSendMaxRetries) = (false, 0));
        while (true)
        {
            string value = $"{acknowledged.Count}".PadLeft(size, '-');
            try
            {
                await producer.ProduceAsync("t", new Message<string, string> { Value = value });
                acknowledged.Add(value);
            }
            catch (ProduceException<string, string> refused)
            {
                Assert.Equal(ErrorCode.KafkaStorageError, refused.Error.Code);
                return;
            }
        }
    }

    /// <summary>Commits until the broker takes nothing more; gives what it took last.</summary>
    private static async Task<long> ExhaustCommitsAsync(WireClient client)
    {
        long last = 1;
        WireError refused;
        while ((refused = await CommitAsync(client, last + 1)) == WireError.None)
        {
            last++;
        }

        Assert.Equal(WireError.CoordinatorNotAvailable, refused);
        return last;
    }

    private static async Task<string> ProduceAsync(FreshetNode node, string value)
    {
        using IProducer<string, string> producer = node.Producer();
        await producer.ProduceAsync("t", new Message<string, string> { Value = value });
        return value;
    }

    private static IEnumerable<string> Read(FreshetNode node, int count, IsolationLevel isolation = IsolationLevel.ReadUncommitted)
    {
        using IConsumer<string, string> consumer = node.Consumer("reader", config => config.IsolationLevel = isolation);
        consumer.Assign(new TopicPartitionOffset("t", 0, 0));
        return [.. consumer.Take(count).Select(record => record.Message.Value)];
    }

    private static async Task<WireError> CommitAsync(WireClient client, long offset)
    {
        byte[] body = await client.AskAsync(ApiKey.OffsetCommit, 7, (ref KafkaWriter writer) =>
        {
            writer.WriteString("g");
            writer.WriteInt32(-1);
            writer.WriteString("");
            writer.WriteString(null);
            writer.WriteLength(1);
            writer.WriteString("t");
            writer.WriteLength(1);
            writer.WriteInt32(0);
            writer.WriteInt64(offset);
            writer.WriteInt32(-1);
            writer.WriteString("metadata");
        });
        return (WireError)System.Buffers.Binary.BinaryPrimitives.ReadInt16BigEndian(body.AsSpan(^2..));
    }

    private static async Task<WireError> InitAsync(WireClient client, string id)
    {
        byte[] body = await client.AskAsync(ApiKey.InitProducerId, 1, (ref KafkaWriter writer) =>
        {
            writer.WriteString(id);
            writer.WriteInt32(60_000);
        });
        return (WireError)System.Buffers.Binary.BinaryPrimitives.ReadInt16BigEndian(body.AsSpan(4));
    }

    private sealed class Filler : IDisposable
    {
        private readonly string _path;

        public Filler(string path)
        {
            _path = path;
            using var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 });
            while (TryWrite(file))
            {
            }
        }

        public void Dispose() => File.Delete(_path);

        private static bool TryWrite(FileStream file)
        {
            try
            {
                file.Write(new byte[4096]);
                return true;
            }
            catch (IOException)
            {
                return false;
            }
        }
    }
}
