using System.Globalization;
using Confluent.Kafka;

namespace Freshet.Faults.Tests.Log;

/// <summary>The machine loses power under load: what was not forced to disk is gone, and what the topic's settings promise is there.</summary>
public sealed class LogPowerLossTests
{
    private const int Partitions = 2;
    private const string FlushAll = "log.flush.interval.messages=1";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // Each takes seconds; FRESHET_POWER_CUTS=30 is for changes of what is written to disk.
    private static readonly int Cuts = int.Parse(Environment.GetEnvironmentVariable("FRESHET_POWER_CUTS") ?? "2", CultureInfo.InvariantCulture);

    private readonly Random _chance;

    public LogPowerLossTests()
    {
        int seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"Seed {seed}");
        _chance = new Random(seed);
    }

    [Fact]
    public async Task Every_acknowledged_record_of_a_topic_that_is_flushed_is_there_once_and_in_order()
    {
        const string Topic = "forced";
        await using BrokerOnVolume broker = await BrokerOnVolume.StartAsync("cut its power while records are produced");
        await KafkaTopics.CreateAsync(broker.Address, Topic, Partitions, ("flush.messages", "1"), ("segment.bytes", "50000"), ("index.interval.bytes", "500"));
        using var load = new NumberedLoad(broker.Address, Topic, Partitions);
        for (int cut = 0; cut < Cuts; cut++)
        {
            await load.AcknowledgedMoreAsync(_chance.Next(1, 6000));
            await broker.CutPowerAsync();
        }

        long[] acknowledged = await load.StopAsync();
        await broker.CutPowerAsync();
        for (int partition = 0; partition < Partitions; partition++)
        {
            List<long> stored = KafkaTopics.ReadNumbers(broker.Address, Topic, partition);
            Assert.Equal(acknowledged[partition], stored.Count);
            Assert.Equal(Enumerable.Range(0, stored.Count).Select(number => (long)number), stored);
        }
    }

    [Fact]
    public async Task A_group_finds_the_offsets_that_it_committed_and_they_are_never_behind_the_log()
    {
        const string Topic = "followed";
        await using BrokerOnVolume broker = await BrokerOnVolume.StartAsync("cut its power while a group commits offsets", FlushAll);
        await KafkaTopics.CreateAsync(broker.Address, Topic, 1);
        using var load = new NumberedLoad(broker.Address, Topic, 1);
        for (int cut = 0; cut < Cuts; cut++)
        {
            await load.AcknowledgedMoreAsync(_chance.Next(1, 200));
            long committed = FollowAndCommit(broker.Address, Topic, commits: _chance.Next(1, 30));
            await broker.CutPowerAsync();
            using IConsumer<Ignore, byte[]> consumer = Consumer(broker.Address);
            var place = new TopicPartition(Topic, 0);
            long found = consumer.Committed([place], Patience).Single().Offset.Value;
            Assert.InRange(found, committed, consumer.QueryWatermarkOffsets(place, Patience).High.Value);
        }

        await load.StopAsync();
    }

    [Fact]
    public async Task Transactions_are_whole_whenever_the_power_goes()
    {
        const long Total = 4000;
        await using BrokerOnVolume broker = await BrokerOnVolume.StartAsync("cut its power while records are copied in transactions", FlushAll);
        await KafkaTopics.CreateAsync(broker.Address, CopyingProcess.From, Partitions);
        await KafkaTopics.CreateAsync(broker.Address, CopyingProcess.To, Partitions);
        NumberedRecords.Fill(broker.Address, CopyingProcess.From, Partitions, Total);
        CopyingProcess copier = CopyingProcess.Start(broker.Address, Partitions, Total, _chance.Next());
        try
        {
            int left = Cuts;
            int steps = _chance.Next(1, 20);
            while (await copier.StepAsync() is not CopyingProcess.Done and var step)
            {
                if (step is null)
                {
                    // It may find that it cannot go on, as with any broker that was gone.
                    copier.Dispose();
                    copier = CopyingProcess.Start(broker.Address, Partitions, Total, _chance.Next());
                }
                else if (left > 0 && --steps == 0)
                {
                    await broker.CutPowerAsync();
                    left--;
                    steps = _chance.Next(1, 20);
                }
            }

            await broker.CutPowerAsync();
            CommittedReader.ReadAll(broker.Address, CopyingProcess.To, Partitions, Total);
        }
        finally
        {
            copier.Dispose();
        }
    }

    [Fact]
    public async Task Records_whose_deletion_was_acknowledged_stay_deleted()
    {
        const string Topic = "trimmed";
        await using BrokerOnVolume broker = await BrokerOnVolume.StartAsync("cut its power after records were deleted");
        await KafkaTopics.CreateAsync(broker.Address, Topic, 1, ("flush.messages", "1"), ("segment.bytes", "5000"));
        using var load = new NumberedLoad(broker.Address, Topic, 1);
        for (int cut = 0; cut < Cuts; cut++)
        {
            await load.AcknowledgedMoreAsync(_chance.Next(1, 2000));
            long deleted = await KafkaTopics.DeleteAllAsync(broker.Address, Topic);
            await broker.CutPowerAsync();
            using IConsumer<Ignore, byte[]> consumer = Consumer(broker.Address);
            WatermarkOffsets ends = consumer.QueryWatermarkOffsets(new TopicPartition(Topic, 0), Patience);
            Assert.InRange(ends.Low.Value, deleted, ends.High.Value);
        }

        long acknowledged = (await load.StopAsync())[0];
        using IConsumer<Ignore, byte[]> last = Consumer(broker.Address);
        Assert.Equal(acknowledged, last.QueryWatermarkOffsets(new TopicPartition(Topic, 0), Patience).High.Value);
    }

    /// <summary>Nothing is promised here but that what is left is whole, and that the topic serves again.</summary>
    [Fact]
    public async Task A_topic_that_is_not_flushed_loses_at_most_its_end()
    {
        const string Topic = "unforced";
        await using BrokerOnVolume broker = await BrokerOnVolume.StartAsync("cut its power while records are produced");
        await KafkaTopics.CreateAsync(broker.Address, Topic, 1, ("segment.bytes", "100000"));
        int kept = 0;
        for (int cut = 0; cut < Cuts; cut++)
        {
            // A producer of its own for each: it cannot know what was lost of what it was told.
            using (var load = new NumberedLoad(broker.Address, Topic, 1, startAt: kept))
            {
                await load.AcknowledgedMoreAsync(_chance.Next(1, 30000));
                await load.StopAsync();
            }

            await broker.CutPowerAsync();
            List<long> left = KafkaTopics.ReadNumbers(broker.Address, Topic, 0);
            Assert.Equal(Enumerable.Range(0, left.Count).Select(number => (long)number), left);
            Assert.True(left.Count >= kept, $"{kept} records were read after one cut, {left.Count} after the next");
            kept = left.Count;
        }
    }

    /// <summary>Reads from where the group is, commits after each record, and gives the last offset whose commit was acknowledged.</summary>
    private static long FollowAndCommit(string address, string topic, int commits)
    {
        using IConsumer<Ignore, byte[]> consumer = Consumer(address);
        var place = new TopicPartition(topic, 0);
        long committed = Math.Max(consumer.Committed([place], Patience).Single().Offset.Value, 0);
        // At the log's end, where what was appended last may not be on disk yet.
        consumer.Assign(new TopicPartitionOffset(place, Offset.End));
        for (int commit = 0; commit < commits; commit++)
        {
            ConsumeResult<Ignore, byte[]>? record = consumer.Consume(Patience);
            Assert.NotNull(record);
            consumer.Commit(record);
            committed = record.Offset.Value + 1;
        }

        return committed;
    }

    private static IConsumer<Ignore, byte[]> Consumer(string address) => new ConsumerBuilder<Ignore, byte[]>(new ConsumerConfig
    {
        BootstrapServers = address,
        GroupId = "followers",
        EnableAutoCommit = false,
        CheckCrcs = true,
        FetchWaitMaxMs = 10,
    }).SetLogHandler((_, _) => { }).Build();
}
