using System.Buffers.Binary;
using Confluent.Kafka;
using Freshet.Tests.Support;

namespace Freshet.Faults.Tests.Log;

/// <summary>A broker that is killed, under load, while it begins segments and drops old ones: by retention, and because clients delete records.</summary>
public sealed class DeletionKillTests : IAsyncDisposable
{
    private const string Topic = "trimmed";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TopicPartition Place = new(Topic, 0);

    private readonly BrokerWithFaults _broker = new();

    public ValueTask DisposeAsync() => _broker.DisposeAsync();

    [Fact]
    public async Task A_kill_in_the_middle_of_retention_leaves_a_log_without_gaps()
    {
        Assert.SkipWhen(Peers.Strace is null, "strace is missing: this test would kill the broker at chosen calls of rename and unlink.");
        await CreateTopicAsync(("retention.bytes", "20000"));
        using var load = new NumberedLoad(_broker.Address, Topic, partitions: 1);
        long start = 0;
        int struck = 0;
        foreach (string fault in Faults())
        {
            struck += !await _broker.StartBusyAsync(fault) || await _broker.HasEndedAsync() ? 1 : 0;

            start = await VerifyAsync(atLeast: 0, load);
        }

        Assert.NotEqual(0, start);
        Assert.NotEqual(0, struck);
        await FinishAsync(load);
    }

    [Fact]
    public async Task Records_whose_deletion_was_acknowledged_stay_deleted_whenever_it_is_killed()
    {
        Assert.SkipWhen(Peers.Strace is null, "strace is missing: this test would kill the broker at chosen calls of rename and unlink.");
        await CreateTopicAsync();
        using var load = new NumberedLoad(_broker.Address, Topic, partitions: 1);
        long deleted = 0;
        int struck = 0;
        foreach (string fault in Faults())
        {
            if (await _broker.StartBusyAsync(fault))
            {
                (deleted, bool came) = await DeleteUntilEndedAsync(deleted);
                struck += came ? 1 : 0;
            }

            await VerifyAsync(deleted, load);
        }

        Assert.NotEqual(0, deleted);
        Assert.NotEqual(0, struck);
        await FinishAsync(load);
    }

    /// <summary>Each thread counts its own calls: these come in the middle of a deletion, and while a checkpoint is written.</summary>
    private static IEnumerable<string> Faults() =>
        from call in (string[])["rename", "unlink"]
        from number in (int[])[2, 3, 4, 6]
        select $"{call}:signal=KILL:when={number}";

    private async Task CreateTopicAsync(params (string Name, string Value)[] settings)
    {
        await _broker.StartQuietAsync();
        await KafkaTopics.CreateAsync(_broker.Address, Topic, 1, [("segment.bytes", "5000"), ("index.interval.bytes", "200"), ("file.delete.delay.ms", "0"), .. settings]);
        await _broker.KillAsync();
    }

    /// <summary>Deletes all there is, over and over, until the broker is gone, and returns the last start that it acknowledged and whether a fault ended it.</summary>
    private async Task<(long Deleted, bool Struck)> DeleteUntilEndedAsync(long deleted)
    {
        using IAdminClient admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = _broker.Address }).SetLogHandler((_, _) => { }).Build();
        Task<bool> ended = _broker.HasEndedAsync();
        while (!ended.IsCompleted)
        {
            Task<long?> deleting = TryDeleteAsync(admin);
            // The client may wait long for an answer of a broker that is gone.
            if (await Task.WhenAny(ended, deleting) == deleting)
            {
                deleted = await deleting ?? deleted;
            }
        }

        return (deleted, await ended);
    }

    private static async Task<long?> TryDeleteAsync(IAdminClient admin)
    {
        try
        {
            return (await admin.DeleteRecordsAsync([new TopicPartitionOffset(Place, Offset.End)]))[0].Offset.Value;
        }
        catch (KafkaException)
        {
            return null; // The broker is not ready, or not there any more.
        }
    }

    /// <summary>Starts a quiet broker and compares; gives the log's start.</summary>
    private async Task<long> VerifyAsync(long atLeast, NumberedLoad load)
    {
        long acknowledged = load.Acknowledged;
        await _broker.StartQuietAsync();
        CompactedTopic.AssertTidy(_broker.FolderOf(Topic));
        using IConsumer<Ignore, byte[]> consumer = new ConsumerBuilder<Ignore, byte[]>(
            new ConsumerConfig { BootstrapServers = _broker.Address, GroupId = "reader", EnableAutoCommit = false, AutoOffsetReset = AutoOffsetReset.Error }).SetLogHandler((_, _) => { }).Build();
        WatermarkOffsets ends = consumer.QueryWatermarkOffsets(Place, Patience);
        Assert.InRange(ends.Low.Value, atLeast, ends.High.Value);
        Assert.True(ends.High.Value >= acknowledged, $"{acknowledged} records were acknowledged, the log ends at {ends.High}");
        consumer.Assign(new TopicPartitionOffset(Place, ends.Low));
        for (long offset = ends.Low.Value; offset < ends.High.Value; offset++)
        {
            ConsumeResult<Ignore, byte[]>? record = consumer.Consume(Patience);
            Assert.NotNull(record);
            // One producer sends 0, 1, 2, ..., each stored once and in order.
            Assert.Equal((offset, offset), (record.Offset.Value, BinaryPrimitives.ReadInt64BigEndian(record.Message.Value)));
        }

        await _broker.KillAsync();
        return ends.Low.Value;
    }

    /// <summary>Lets the load come to its end on a broker that is well.</summary>
    private async Task FinishAsync(NumberedLoad load)
    {
        await _broker.StartBusyAsync();
        await load.StopAsync();
    }
}
