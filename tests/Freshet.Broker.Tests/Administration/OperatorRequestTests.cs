using Confluent.Kafka;
using Freshet.Node;
using Freshet.Protocol.Kafka;
using Freshet.Tests.Support;
using ErrorCode = Freshet.Protocol.Kafka.ErrorCode;

namespace Freshet.Broker.Tests.Administration;

/// <summary>What operators' tools ask of a cluster, in every version. The errors are those that Apache Kafka 4.3 gives.</summary>
public class OperatorRequestTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Nothing_is_elected_where_the_leader_is_the_preferred_one(short version)
    {
        await using FreshetNode node = await KafkaClients.StartAsync();
        await node.CreateTopicAsync("t", 2);
        using WireClient client = await WireClient.ConnectAsync(node);
        foreach (sbyte type in (sbyte[])[0, 1])
        {
            (ErrorCode error, Told[] told) = await client.ElectAsync(version, type, ("t", [0, 1, 9]), ("no", [0]));
            Assert.Equal(ErrorCode.None, error);
            Assert.Equal(
                [
                    new Told("t", 0, ErrorCode.ElectionNotNeeded), new Told("t", 1, ErrorCode.ElectionNotNeeded),
                    new Told("t", 9, ErrorCode.UnknownTopicOrPartition), new Told("no", 0, ErrorCode.UnknownTopicOrPartition),
                ],
                told);
            (error, told) = await client.ElectAsync(version, type, null);
            Assert.Equal(ErrorCode.None, error);
            Assert.Empty(told);
        }
    }

    [Fact]
    public async Task An_election_of_an_unknown_type_is_refused()
    {
        await using FreshetNode node = await KafkaClients.StartAsync();
        using WireClient client = await WireClient.ConnectAsync(node);
        (ErrorCode error, Told[] told) = await client.ElectAsync(2, 5, ("t", [0]));
        Assert.Equal((ErrorCode.InvalidRequest, new Told("t", 0, ErrorCode.InvalidRequest)), (error, Assert.Single(told)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_partition_can_be_moved_only_to_where_it_is(short version)
    {
        await using FreshetNode node = await KafkaClients.StartAsync();
        await node.CreateTopicAsync("t", 1);
        using WireClient client = await WireClient.ConnectAsync(node);
        Assert.Equal(ErrorCode.None, (await client.ReassignAsync(version, "t", 0, [1])).Error);
        Assert.Equal(ErrorCode.NoReassignmentInProgress, (await client.ReassignAsync(version, "t", 0, null)).Error);
        foreach (int[] replicas in (int[][])[[7], [1, 7], [1, 1], [-1], []])
        {
            Assert.Equal(ErrorCode.InvalidReplicaAssignment, (await client.ReassignAsync(version, "t", 0, replicas)).Error);
        }

        Assert.Equal(ErrorCode.UnknownTopicOrPartition, (await client.ReassignAsync(version, "t", 1, [1])).Error);
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, (await client.ReassignAsync(version, "no", 0, [1])).Error);
        Assert.Equal((ErrorCode.None, 0), await client.ListMovesAsync(null));
        Assert.Equal((ErrorCode.None, 0), await client.ListMovesAsync(("t", [0])));
    }

    [Fact]
    public async Task Of_two_brokers_each_keeps_its_partitions()
    {
        await using FreshetNode node = await KafkaClients.StartAsync();
        await using FreshetNode second = await FreshetNode.StartAsync(
            new FreshetNodeOptions { Coordination = false, CoordinationConnectString = node.CoordinationConnectString, ConfigureBroker = broker => broker.BrokerId = 2 },
            new TestLog());
        using WireClient client = await WireClient.ConnectAsync(second);
        await second.CreateTopicAsync("t", 2);
        // Either broker may have made the topic; the other learns of it a little later.
        while ((await client.ElectAsync(2, 0, ("t", [0]))).Partitions[0].Error == ErrorCode.UnknownTopicOrPartition)
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        Assert.Equal([ErrorCode.ElectionNotNeeded, ErrorCode.ElectionNotNeeded], (await client.ElectAsync(2, 0, ("t", [0, 1]))).Partitions.Select(told => told.Error));
        Assert.Equal(ErrorCode.None, (await client.ReassignAsync(1, "t", 0, [1])).Error);
        Assert.Equal(ErrorCode.InvalidReplicaAssignment, (await client.ReassignAsync(1, "t", 0, [2])).Error);
        Assert.Equal(ErrorCode.InvalidReplicationFactor, (await client.ReassignAsync(1, "t", 0, [1, 2])).Error);
        Assert.Equal(ErrorCode.InvalidRequest, await client.UnregisterAsync(1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_feature_has_one_level(short version)
    {
        await using FreshetNode node = await KafkaClients.StartAsync();
        using WireClient client = await WireClient.ConnectAsync(node);
        Assert.Equal((ErrorCode.None, version < 2 ? 1 : 0), await client.SetFeatureAsync(version, "group.version", 1));
        Assert.Equal((ErrorCode.None, version < 2 ? 1 : 0), await client.SetFeatureAsync(version, "transaction.version", 2));
        Assert.Equal((ErrorCode.InvalidUpdateVersion, 0), await client.SetFeatureAsync(version, "group.version", 0));
        Assert.Equal((ErrorCode.InvalidUpdateVersion, 0), await client.SetFeatureAsync(version, "group.version", 2));
        Assert.Equal((ErrorCode.InvalidUpdateVersion, 0), await client.SetFeatureAsync(version, "metadata.version", 1));
    }

    [Fact]
    public async Task A_broker_that_runs_is_not_forgotten_and_another_is_not_known()
    {
        await using FreshetNode node = await KafkaClients.StartAsync();
        using WireClient client = await WireClient.ConnectAsync(node);
        Assert.Equal(ErrorCode.InvalidRequest, await client.UnregisterAsync(1));
        Assert.Equal(ErrorCode.BrokerIdNotRegistered, await client.UnregisterAsync(7));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_partition_stays_in_the_brokers_one_folder(short version)
    {
        using var folder = new TemporaryFolder();
        await using FreshetNode node = await FreshetNode.StartAsync(new FreshetNodeOptions { DataDirectory = folder.Path }, new TestLog());
        await node.CreateTopicAsync("t", 1);
        using WireClient client = await WireClient.ConnectAsync(node);
        string own = Path.Combine(folder.Path, "broker");
        Assert.Equal([new Told("t", 0, ErrorCode.None), new Told("t", 1, ErrorCode.UnknownTopicOrPartition)], await client.MoveToFolderAsync(version, own, ("t", [0, 1])));
        Assert.Equal([new Told("t", 0, ErrorCode.None)], await client.MoveToFolderAsync(version, own + "/", ("t", [0])));
        foreach (string other in (string[])["/other", "broker", ""])
        {
            Assert.Equal([new Told("t", 0, ErrorCode.LogDirNotFound)], await client.MoveToFolderAsync(version, other, ("t", [0])));
        }
    }

    [Fact]
    public async Task Delegation_tokens_are_refused_in_every_version()
    {
        await using FreshetNode node = await KafkaClients.StartAsync();
        using WireClient client = await WireClient.ConnectAsync(node);
        foreach ((ApiKey key, short last) in ((ApiKey, short)[])
            [(ApiKey.CreateDelegationToken, 3), (ApiKey.RenewDelegationToken, 2), (ApiKey.ExpireDelegationToken, 2), (ApiKey.DescribeDelegationToken, 3)])
        {
            for (short version = 1; version <= last; version++)
            {
                Assert.Equal(ErrorCode.DelegationTokenRequestNotAllowed, await client.AskAsync(key, version, (ref KafkaWriter _) => { }, (ref KafkaReader reader) =>
                {
                    var error = (ErrorCode)reader.ReadInt16();
                    SkipToken(ref reader, key);
                    reader.ReadInt32();
                    return error;
                }));
            }
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Brokers_ask_whether_a_transaction_has_a_partition(short version)
    {
        await using FreshetNode node = await KafkaClients.StartAsync();
        await node.CreateTopicAsync("t", 2);
        using IProducer<string, string> producer = node.Producer(config => config.TransactionalId = "id");
        producer.InitTransactions(KafkaClients.Patience);
        producer.BeginTransaction();
        producer.Produce(new TopicPartition("t", 0), new Message<string, string> { Value = "v" });
        producer.Flush(KafkaClients.Patience);
        using WireClient client = await WireClient.ConnectAsync(node);
        const long Id = 0; // The first producer of the cluster.
        Assert.Equal(
            [new Told("t", 0, ErrorCode.None), new Told("t", 1, ErrorCode.TransactionAbortable)],
            (await client.AddToTransactionAsync(version, "id", Id, 0, verifyOnly: true, ("t", [0, 1]))).Partitions);
        Assert.Equal([new Told("t", 1, ErrorCode.None)], (await client.AddToTransactionAsync(version, "id", Id, 0, verifyOnly: false, ("t", [1]))).Partitions);
        Assert.Equal([new Told("t", 1, ErrorCode.None)], (await client.AddToTransactionAsync(version, "id", Id, 0, verifyOnly: true, ("t", [1]))).Partitions);
        Assert.Equal([new Told("t", 0, ErrorCode.ProducerFenced)], (await client.AddToTransactionAsync(version, "id", Id, 9, verifyOnly: true, ("t", [0]))).Partitions);
        Assert.Equal([new Told("t", 0, ErrorCode.InvalidProducerIdMapping)], (await client.AddToTransactionAsync(version, "no", Id, 0, verifyOnly: true, ("t", [0]))).Partitions);
        Assert.Equal([new Told("no", 0, ErrorCode.UnknownTopicOrPartition)], (await client.AddToTransactionAsync(version, "id", Id, 0, verifyOnly: true, ("no", [0]))).Partitions);
        producer.AbortTransaction(KafkaClients.Patience);
    }

    [Fact]
    public async Task Without_rights_each_is_refused()
    {
        await using FreshetNode node = await FreshetNode.StartAsync(
            new FreshetNodeOptions { ConfigureBroker = broker => broker.Authorizer = new AuthorizerOptions { IsOn = true, SuperUsers = ["User:admin"] } }, new TestLog());
        using WireClient client = await WireClient.ConnectAsync(node);
        (ErrorCode elected, Told[] told) = await client.ElectAsync(2, 0, ("t", [0]));
        Assert.Equal((ErrorCode.ClusterAuthorizationFailed, ErrorCode.ClusterAuthorizationFailed), (elected, Assert.Single(told).Error));
        Assert.Equal(ErrorCode.ClusterAuthorizationFailed, (await client.ReassignAsync(1, "t", 0, [1])).Error);
        Assert.Equal(ErrorCode.ClusterAuthorizationFailed, (await client.ListMovesAsync(null)).Error);
        Assert.Equal(ErrorCode.ClusterAuthorizationFailed, (await client.SetFeatureAsync(2, "group.version", 1)).Error);
        Assert.Equal(ErrorCode.ClusterAuthorizationFailed, await client.UnregisterAsync(7));
        Assert.Equal(ErrorCode.ClusterAuthorizationFailed, Assert.Single(await client.MoveToFolderAsync(2, "/", ("t", [0]))).Error);
        Assert.Equal(ErrorCode.ClusterAuthorizationFailed, (await client.AddToTransactionAsync(4, "id", 0, 0, verifyOnly: true, ("t", [0]))).Error);
    }

    private static void SkipToken(ref KafkaReader reader, ApiKey key)
    {
        switch (key)
        {
            case ApiKey.CreateDelegationToken:
                Assert.Equal(("User", "ANONYMOUS"), (reader.ReadString(), reader.ReadString()));
                if (reader.Version >= 3)
                {
                    Assert.Equal(("User", "ANONYMOUS"), (reader.ReadString(), reader.ReadString()));
                }

                Assert.Equal((-1, -1, -1), (reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64()));
                Assert.Equal("", reader.ReadString());
                Assert.Empty(reader.ReadBytes());
                break;
            case ApiKey.DescribeDelegationToken:
                Assert.Equal(0, reader.ReadCount());
                break;
            default:
                Assert.Equal(-1, reader.ReadInt64());
                break;
        }
    }
}
