using Confluent.Kafka;
using Freshet.Broker.Groups;
using Freshet.Node;
using Freshet.Protocol.Kafka.Records;
using Freshet.Tests.Support;

namespace Freshet.Broker.Tests.Transactions;

/// <summary>
/// A broker that dies at each step of ending a transaction: after the decision, after some of the markers, before the end is noted.
/// The logs are cut to what was there at that moment, and the next start finishes what was begun.
/// </summary>
public class CoordinatorRecoveryTests
{
    private const string Id = "id";
    private const string Group = "g";

    public static TheoryData<bool, int> Deaths()
    {
        var deaths = new TheoryData<bool, int>();
        foreach (bool commit in (bool[])[true, false])
        {
            for (int markersWritten = 0; markersWritten <= 3; markersWritten++)
            {
                deaths.Add(commit, markersWritten);
            }
        }

        return deaths;
    }

    [Theory]
    [MemberData(nameof(Deaths))]
    public async Task The_next_start_ends_the_transaction_as_it_was_decided(bool commit, int markersWritten)
    {
        using var folder = new TemporaryFolder();
        var options = new FreshetNodeOptions { DataDirectory = folder.Path, ConfigureBroker = ConfigureSmall };
        await RunTransactionAsync(options, commit);
        CutLastBatch(folder.Path, "__transaction_state", JavaHash.PartitionOf(Id, 2)); // That it has ended.
        (string Topic, int Partition)[] markers = [("t", 0), ("t", 1), ("__consumer_offsets", JavaHash.PartitionOf(Group, 2))];
        foreach ((string topic, int partition) in markers[markersWritten..])
        {
            CutLastBatch(folder.Path, topic, partition);
        }

        await AssertEndedAsync(options, commit);
    }

    [Fact]
    public async Task A_transaction_that_was_not_decided_is_aborted_by_the_next_producer()
    {
        using var folder = new TemporaryFolder();
        var options = new FreshetNodeOptions { DataDirectory = folder.Path, ConfigureBroker = ConfigureSmall };
        await RunTransactionAsync(options, commit: true);
        int state = JavaHash.PartitionOf(Id, 2);
        CutLastBatch(folder.Path, "__transaction_state", state);
        CutLastBatch(folder.Path, "__transaction_state", state); // The decision.
        foreach ((string topic, int partition) in ((string, int)[])[("t", 0), ("t", 1), ("__consumer_offsets", JavaHash.PartitionOf(Group, 2))])
        {
            CutLastBatch(folder.Path, topic, partition);
        }

        await using (FreshetNode node = await FreshetNode.StartAsync(options))
        {
            Assert.Equal(0, TransactionTests.Latest(node, IsolationLevel.ReadCommitted));
            using IProducer<string, string> next = TransactionTests.Transactional(node, Id);
            next.InitTransactions(KafkaClients.Patience);
        }

        await AssertEndedAsync(options, commit: false);
    }

    private static void ConfigureSmall(BrokerOptions options)
    {
        options.TransactionPartitions = 2;
        options.OffsetsPartitions = 2;
    }

    private static async Task RunTransactionAsync(FreshetNodeOptions options, bool commit)
    {
        await using FreshetNode node = await FreshetNode.StartAsync(options);
        await node.CreateTopicAsync("t", 2);
        using IProducer<string, string> producer = TransactionTests.Transactional(node, Id);
        producer.InitTransactions(KafkaClients.Patience);
        producer.BeginTransaction();
        TransactionTests.Produce(producer, "v", 0);
        TransactionTests.Produce(producer, "v", 1);
        producer.SendOffsetsToTransaction([new TopicPartitionOffset("t", 0, 5)], TransactionTests.GroupOf(node), KafkaClients.Patience);
        producer.Flush(KafkaClients.Patience);
        if (commit)
        {
            producer.CommitTransaction(KafkaClients.Patience);
        }
        else
        {
            producer.AbortTransaction(KafkaClients.Patience);
        }
    }

    private static async Task AssertEndedAsync(FreshetNodeOptions options, bool commit)
    {
        await using FreshetNode node = await FreshetNode.StartAsync(options);
        string[] expected = commit ? ["v"] : [];
        Assert.Equal(expected, TransactionTests.Read(node, 0, IsolationLevel.ReadCommitted));
        Assert.Equal(expected, TransactionTests.Read(node, 1, IsolationLevel.ReadCommitted));
        Assert.Equal(commit ? 5 : Offset.Unset.Value, TransactionTests.Committed(node));
        using IProducer<string, string> next = TransactionTests.Transactional(node, Id);
        next.InitTransactions(KafkaClients.Patience);
        next.BeginTransaction();
        TransactionTests.Produce(next, "next", 0);
        next.CommitTransaction(KafkaClients.Patience);
        Assert.Equal([.. expected, "next"], TransactionTests.Read(node, 0, IsolationLevel.ReadCommitted));
    }

    /// <summary>Takes the last batch off a partition's log, and everything that says it was there.</summary>
    private static void CutLastBatch(string data, string topic, int partition)
    {
        string folder = Directory.GetDirectories(data, $"{topic}-{partition}", SearchOption.AllDirectories).Single();
        string log = Directory.GetFiles(folder, "*.log").Order(StringComparer.Ordinal).Last(file => new FileInfo(file).Length > 0);
        byte[] bytes = File.ReadAllBytes(log);
        ReadOnlySpan<byte> rest = bytes;
        int end = 0;
        while (RecordBatch.TryTake(ref rest, out RecordBatch batch))
        {
            end = rest.IsEmpty ? end : end + batch.Size;
        }

        using (FileStream file = File.OpenWrite(log))
        {
            file.SetLength(end);
        }

        foreach (string file in Directory.GetFiles(folder).Where(file => Path.GetExtension(file) is ".producers" or ".txnindex" || Path.GetFileName(file) == "log-checkpoint"))
        {
            File.Delete(file);
        }
    }
}
