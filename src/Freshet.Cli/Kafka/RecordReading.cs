using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Freshet.Cli.Kafka;

/// <summary>What to read of a topic, and when to stop.</summary>
/// <param name="Group">Group to read as; null for none.</param>
/// <param name="From">Offset, time or date to begin at; null for what <paramref name="FromBeginning"/> says.</param>
/// <param name="Idle">Time without a record after which it is over; null for never.</param>
internal sealed record RecordReading(
    string Topic, string? Group, GroupProtocol Protocol, bool FromBeginning, int? Partition, string? From, long MaxRecords, bool ToEnd, TimeSpan? Idle, IsolationLevel Isolation)
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(100);

    public async Task RunAsync(KafkaSession session, RecordOutput output, CancellationToken stop)
    {
        if (Group is not null && (Partition is not null || From is not null))
        {
            throw new CommandFailure("a group chooses partitions and offsets itself: leave --partition and --offset, or --group");
        }

        using IConsumer<byte[]?, byte[]?> consumer = session.Consumer(Config());
        Read(consumer, await BeginAsync(session, consumer), output, stop);
        output.Flush();
        if (Group is not null)
        {
            consumer.Close(); // Commits what was read, and leaves.
        }
    }

    private void Read(IConsumer<byte[]?, byte[]?> consumer, HashSet<TopicPartition> unfinished, RecordOutput output, CancellationToken stop)
    {
        long count = 0;
        long last = TimeProvider.System.GetTimestamp();
        while (count < MaxRecords && !stop.IsCancellationRequested && !(ToEnd && unfinished.Count == 0))
        {
            if (Next(consumer, output) is not { } result)
            {
                if (Idle is { } idle && TimeProvider.System.GetElapsedTime(last) >= idle)
                {
                    return;
                }
            }
            else if (result.IsPartitionEOF)
            {
                unfinished.Remove(result.TopicPartition);
            }
            else
            {
                output.Write(result);
                count++;
                last = TimeProvider.System.GetTimestamp();
            }
        }
    }

    /// <summary>The next record; what was written so far is shown before it is waited for.</summary>
    private static ConsumeResult<byte[]?, byte[]?>? Next(IConsumer<byte[]?, byte[]?> consumer, RecordOutput output)
    {
        if (consumer.Consume(TimeSpan.Zero) is { } here)
        {
            return here;
        }

        output.Flush();
        return consumer.Consume(Glance);
    }

    /// <summary>Subscribes or assigns; returns the partitions whose ends are to be reached.</summary>
    private async Task<HashSet<TopicPartition>> BeginAsync(KafkaSession session, IConsumer<byte[]?, byte[]?> consumer)
    {
        using IAdminClient admin = session.Admin();
        TopicPartition[] partitions = [.. TopicOffsets.PartitionsOf(admin, [Topic], session.Timeout).Where(each => Partition is null || each.Partition.Value == Partition)];
        if (partitions.Length == 0)
        {
            throw new CommandFailure($"the topic '{Topic}' has no partition {Partition}");
        }

        if (Group is not null)
        {
            consumer.Subscribe(Topic);
        }
        else
        {
            consumer.Assign(await StartsAsync(admin, partitions, session.Timeout));
        }

        return [.. partitions];
    }

    private async Task<IEnumerable<TopicPartitionOffset>> StartsAsync(IAdminClient admin, TopicPartition[] partitions, TimeSpan timeout)
    {
        if (From is null)
        {
            return partitions.Select(each => new TopicPartitionOffset(each, FromBeginning ? Offset.Beginning : Offset.End));
        }

        if (!long.TryParse(From, out long offset))
        {
            Dictionary<TopicPartition, long> found = await TopicOffsets.AtAsync(admin, partitions, TopicOffsets.ParseTime(From), timeout);
            return found.Select(each => new TopicPartitionOffset(each.Key, each.Value < 0 ? Offset.End : each.Value));
        }

        // What is outside of the partition would be taken for its end, and what is there be passed over.
        Dictionary<TopicPartition, long> first = await TopicOffsets.AtAsync(admin, partitions, OffsetSpec.Earliest(), timeout);
        Dictionary<TopicPartition, long> end = await TopicOffsets.AtAsync(admin, partitions, OffsetSpec.Latest(), timeout);
        return partitions.Select(each => new TopicPartitionOffset(each, Math.Clamp(offset < 0 ? end[each] + offset : offset, first[each], end[each])));
    }

    private ConsumerConfig Config()
    {
        var config = new ConsumerConfig
        {
            GroupId = Group ?? "freshet-consume", // Needed by the library; nothing is committed without a group.
            GroupProtocol = Protocol,
            AutoOffsetReset = FromBeginning ? AutoOffsetReset.Earliest : AutoOffsetReset.Latest,
            EnableAutoCommit = Group is not null,
            EnablePartitionEof = ToEnd,
            IsolationLevel = Isolation,
            AllowAutoCreateTopics = false,
        };
        return config;
    }
}
