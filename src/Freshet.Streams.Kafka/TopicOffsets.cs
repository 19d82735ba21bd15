using Confluent.Kafka;

namespace Freshet.Streams.Kafka;

/// <summary>Asks the brokers which partitions a topic has and where to start and end. The client's calls block their thread.</summary>
internal sealed class TopicOffsets<T>(IConsumer<byte[], byte[]> consumer, KafkaSpoutOptions<T> options, TimeProvider time, CancellationToken cancellation)
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(100);

    private readonly long _started = time.GetTimestamp();

    /// <summary>The topic's partitions.</summary>
    /// <exception cref="InvalidOperationException">There is no such topic.</exception>
    public IReadOnlyList<int> Partitions()
    {
        using IAdminClient admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        TopicMetadata? topic = admin.GetMetadata(options.Topic, options.OpenTimeout).Topics.SingleOrDefault(topic => topic.Topic == options.Topic);
        return topic is { Error.IsError: false, Partitions.Count: > 0 }
            ? [.. topic.Partitions.Select(partition => partition.PartitionId).Order()]
            : throw new InvalidOperationException(
                $"Topic '{options.Topic}' cannot be read from {options.BootstrapServers} ({topic?.Error.Reason ?? "it has no partitions"}). Create it before the topology starts.");
    }

    /// <summary>Where a partition starts and ends without a checkpoint.</summary>
    public PartitionPosition First(int partition)
    {
        var place = new TopicPartition(options.Topic, partition);
        WatermarkOffsets range = RetryWhileMoving(() => consumer.QueryWatermarkOffsets(place, options.OpenTimeout));
        long start = options.Start switch
        {
            KafkaStart.Latest => range.High,
            KafkaStart.Committed when Committed(place) is long committed => committed,
            _ => range.Low,
        };
        return new PartitionPosition(start, options.IsBounded ? range.High : PartitionPosition.Unbounded);
    }

    private long? Committed(TopicPartition place)
    {
        Offset committed = consumer.Committed([place], options.OpenTimeout).Single().Offset;
        return committed.IsSpecial ? null : committed.Value;
    }

    /// <summary>A topic just created, or one whose leader moves, has no leader for a moment.</summary>
    private TResult RetryWhileMoving<TResult>(Func<TResult> ask)
    {
        while (true)
        {
            try
            {
                return ask();
            }
            catch (KafkaException exception) when (IsMoving(exception.Error) && time.GetElapsedTime(_started) < options.OpenTimeout)
            {
                cancellation.WaitHandle.WaitOne(RetryPause);
                cancellation.ThrowIfCancellationRequested();
            }
        }
    }

    private static bool IsMoving(Error error) => error.Code is
        ErrorCode.NotLeaderForPartition or ErrorCode.LeaderNotAvailable or ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownPartition;
}
