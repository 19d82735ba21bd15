using Confluent.Kafka;

namespace Freshet.Faults.Tests.Log;

/// <summary>Bits that flip in a partition's files while its broker is down: what a client that checks finds afterwards.</summary>
public sealed class DamagedLogTests : IAsyncDisposable
{
    private const string Topic = "damaged";
    private const int Records = 60;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly BrokerWithFaults _broker = new();

    public ValueTask DisposeAsync() => _broker.DisposeAsync();

    [Theory]
    [InlineData(0, true)]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(1, false)]
    public async Task A_batch_damaged_in_a_closed_segment_is_refused_by_its_reader_and_all_others_are_read(int segment, bool killed)
    {
        await FillAsync(killed);
        long lost = Flip(SegmentsOf()[segment], number: 1);
        await _broker.StartQuietAsync();
        (List<long> read, List<Error> errors) = Read();
        Assert.Equal(Enumerable.Range(0, Records).Select(number => (long)number).Where(number => number != lost), read);
        Assert.NotEmpty(errors);
    }

    [Fact]
    public async Task A_batch_damaged_in_the_last_segment_after_a_clean_stop_costs_that_batch_only()
    {
        await FillAsync(killed: false);
        long lost = Flip(SegmentsOf()[^1], number: 1);
        await _broker.StartQuietAsync();
        (List<long> read, List<Error> errors) = Read();
        Assert.Equal(Enumerable.Range(0, Records).Select(number => (long)number).Where(number => number != lost), read);
        Assert.NotEmpty(errors);
    }

    [Fact]
    public async Task Batches_behind_damage_in_the_last_segment_after_a_kill_are_kept_beside_the_log_and_the_operator_is_told()
    {
        await FillAsync(killed: true);
        string last = SegmentsOf()[^1];
        byte[] whole = await File.ReadAllBytesAsync(last, TestContext.Current.CancellationToken);
        long lost = Flip(last, number: 1);
        await _broker.StartQuietAsync();
        (List<long> read, _) = Read();
        Assert.Equal(Enumerable.Range(0, (int)lost).Select(number => (long)number), read);
        string kept = Assert.Single(Directory.GetFiles(_broker.FolderOf(Topic), "*.lost-*"));
        Assert.Equal(whole.Length, new FileInfo(last).Length + new FileInfo(kept).Length);
        string told = await _broker.StopAndReadErrorsAsync();
        Assert.Contains(kept, told, StringComparison.Ordinal);
        Assert.Contains($"offset {lost}", told, StringComparison.Ordinal);
    }

    /// <summary>What the broker keeps beside the batches has either a checksum, or is held against them.</summary>
    [Theory]
    [InlineData("*.index", true)]
    [InlineData("*.index", false)]
    [InlineData("*.timeindex", true)]
    [InlineData("*.timeindex", false)]
    [InlineData("*.producers", true)]
    [InlineData("*.producers", false)]
    [InlineData("leader-epoch-checkpoint", true)]
    [InlineData("leader-epoch-checkpoint", false)]
    [InlineData("log-checkpoint", true)]
    [InlineData("log-checkpoint", false)]
    public async Task Damage_in_any_other_file_costs_nothing(string files, bool killed)
    {
        await FillAsync(killed);
        string[] damaged = Directory.GetFiles(_broker.FolderOf(Topic), files);
        Assert.NotEmpty(damaged);
        foreach (string file in damaged)
        {
            byte[] bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
            for (int at = 0; at < bytes.Length; at += 3)
            {
                bytes[at] ^= 0x04;
            }

            await File.WriteAllBytesAsync(file, bytes, TestContext.Current.CancellationToken);
        }

        await _broker.StartQuietAsync();
        (List<long> read, List<Error> errors) = Read();
        Assert.Equal(Enumerable.Range(0, Records).Select(number => (long)number), read);
        Assert.Empty(errors);
        await ProduceAsync(Records, 1);
    }

    private async Task FillAsync(bool killed)
    {
        await _broker.StartQuietAsync();
        await KafkaTopics.CreateAsync(_broker.Address, Topic, 1, ("segment.bytes", "2000"), ("index.interval.bytes", "200"));
        await ProduceAsync(0, Records);
        await (killed ? _broker.KillAsync() : _broker.StopGentlyAsync());
    }

    private async Task ProduceAsync(long first, int count)
    {
        using IProducer<Null, byte[]> producer = new ProducerBuilder<Null, byte[]>(
            new ProducerConfig { BootstrapServers = _broker.Address, EnableIdempotence = true, LingerMs = 0 }).Build();
        for (long number = first; number < first + count; number++)
        {
            // A batch each.
            await producer.ProduceAsync(Topic, NumberedRecords.Of(number));
        }
    }

    /// <summary>Reads to the end with a client that checks, and passes over what that refuses.</summary>
    private (List<long> Read, List<Error> Errors) Read()
    {
        using IConsumer<Ignore, byte[]> consumer = new ConsumerBuilder<Ignore, byte[]>(new ConsumerConfig
        {
            BootstrapServers = _broker.Address,
            GroupId = "reader",
            EnableAutoCommit = false,
            EnablePartitionEof = true,
            CheckCrcs = true,
            AutoOffsetReset = AutoOffsetReset.Error,
        }).SetLogHandler((_, _) => { }).Build();
        consumer.Assign(new TopicPartitionOffset(Topic, 0, Offset.Beginning));
        List<long> read = [];
        List<Error> errors = [];
        long next = 0;
        while (true)
        {
            try
            {
                ConsumeResult<Ignore, byte[]>? record = consumer.Consume(Patience);
                Assert.NotNull(record);
                if (record.IsPartitionEOF)
                {
                    return (read, errors);
                }

                read.Add(NumberedRecords.NumberOf(record.Message.Value));
                next = record.Offset.Value + 1;
            }
            catch (ConsumeException refused)
            {
                errors.Add(refused.Error);
                // It would ask for the same batch for ever.
                Assert.InRange(errors.Count, 1, 2);
                next++;
                consumer.Assign(new TopicPartitionOffset(Topic, 0, next));
            }
        }
    }

    private string[] SegmentsOf() => [.. Directory.GetFiles(_broker.FolderOf(Topic), "*.log").Order(StringComparer.Ordinal)];

    /// <summary>Flips a bit in the value of a batch of one record, and gives its offset.</summary>
    private static long Flip(string segment, int number)
    {
        byte[] bytes = File.ReadAllBytes(segment);
        int at = 0;
        for (; number > 0; number--)
        {
            at += SizeAt(bytes, at);
        }

        bytes[at + SizeAt(bytes, at) - 2] ^= 0x10;
        File.WriteAllBytes(segment, bytes);
        return System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(at));
    }

    private static int SizeAt(byte[] bytes, int at) => 12 + System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at + 8));
}
