using System.Globalization;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Freshet.Streams.Kafka;

/// <summary>
/// Reads a topic of Freshet's broker or Apache Kafka. Task i of n reads the partitions p with p mod n = i. Positions are part of the
/// topology's checkpoints; after each they are also committed to <see cref="KafkaSpoutOptions{T}.GroupId"/>, for tools that show lag.
/// </summary>
/// <typeparam name="T">The tuples.</typeparam>
/// <param name="options">What to read and how.</param>
public sealed class KafkaSpout<T>(KafkaSpoutOptions<T> options) : ISpout<T>, IPartitionedSpout
{
    /// <summary>How long a call waits for records when the one before found none either.</summary>
    private static readonly TimeSpan IdleWait = TimeSpan.FromMilliseconds(50);

    private readonly Dictionary<int, PartitionPosition> _positions = [];
    private readonly HashSet<int> _open = [];
    private ILogger _logger = null!;
    private IConsumer<byte[], byte[]>? _consumer;
    private RecordReader<T>? _reader;
    private List<TopicPartitionOffset> _saved = [];
    private bool _wasIdle;

    /// <inheritdoc/>
    public IReadOnlyCollection<int> OpenPartitions => _open;

    /// <inheritdoc/>
    public int CurrentPartition { get; private set; }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The topic does not exist.</exception>
    /// <exception cref="KafkaException">The brokers do not answer.</exception>
    public async ValueTask OpenAsync(SpoutContext context, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(context);
        options.Validate();
        _logger = context.Logger;
        _consumer = new ConsumerBuilder<byte[], byte[]>(options.ToConsumerConfig())
            .SetLogHandler((_, message) => KafkaStreamsLog.ClientSaid(_logger, message.Name, message.Message))
            .SetErrorHandler((_, error) => KafkaStreamsLog.ClientHasTrouble(_logger, options.Topic, error.Reason))
            .Build();
        await Task.Run(() => FindPositions(_consumer, context, cancellation), cancellation).ConfigureAwait(false);
        _consumer.Assign(_open.Select(partition => At(partition, _positions[partition].Next)));
        _reader = new RecordReader<T>(_consumer, options, _logger);
    }

    /// <inheritdoc/>
    public async ValueTask<SpoutStatus> NextAsync(IEmitter<T> output, CancellationToken interrupt)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (options.IsBounded && _open.Count == 0)
        {
            return SpoutStatus.Ended;
        }

        if (_reader!.TryTake(out List<Incoming<T>>? batch))
        {
            _wasIdle = false;
            Emit(batch!, output);
            return SpoutStatus.Emitted;
        }

        // The first empty look returns at once, so that the engine sends on what is buffered.
        if (_wasIdle)
        {
            await WaitAsync(interrupt).ConfigureAwait(false);
        }

        _wasIdle = true;
        return SpoutStatus.Idle;
    }

    /// <inheritdoc/>
    public void SavePositions(PositionWriter positions)
    {
        ArgumentNullException.ThrowIfNull(positions);
        foreach ((int partition, PartitionPosition position) in _positions)
        {
            position.Save(positions, UnitOf(partition));
        }

        _saved = [.. _positions.Select(entry => At(entry.Key, entry.Value.Next))];
    }

    /// <inheritdoc/>
    public async ValueTask CheckpointCompletedAsync(long checkpointId, CancellationToken cancellation)
    {
        if (options.GroupId is null || _saved.Count == 0)
        {
            return;
        }

        try
        {
            await Task.Run(() => _consumer!.Commit(_saved), cancellation).ConfigureAwait(false);
        }
        catch (KafkaException exception)
        {
            // Only tools look at the group's offsets; the next checkpoint commits again.
            KafkaStreamsLog.CommitFailed(_logger, options.GroupId, exception.Error.Reason);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_reader is not null)
        {
            await _reader.DisposeAsync().ConfigureAwait(false);
        }

        if (_consumer is not null)
        {
            await Task.Run(_consumer.Close).ConfigureAwait(false);
            _consumer.Dispose();
        }
    }

    private void Emit(List<Incoming<T>> batch, IEmitter<T> output)
    {
        foreach (Incoming<T> incoming in batch)
        {
            PartitionPosition position = _positions[incoming.Partition];
            if (position.IsDone)
            {
                continue;
            }

            CurrentPartition = incoming.Partition;
            if (incoming.HasTuple)
            {
                output.Emit(incoming.Tuple);
            }

            position = position with { Next = incoming.Next };
            _positions[incoming.Partition] = position;
            if (position.IsDone)
            {
                _open.Remove(incoming.Partition);
            }
        }
    }

    private async ValueTask WaitAsync(CancellationToken interrupt)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(interrupt);
        limit.CancelAfter(IdleWait);
        try
        {
            await _reader!.WaitAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
        }
    }

    private void FindPositions(IConsumer<byte[], byte[]> consumer, SpoutContext context, CancellationToken cancellation)
    {
        var offsets = new TopicOffsets<T>(consumer, options, context.Time, cancellation);
        foreach (int partition in offsets.Partitions().Where(partition => partition % context.TaskCount == context.TaskIndex))
        {
            PartitionPosition position = context.RestoredPositions.TryGetValue(UnitOf(partition), out ReadOnlyMemory<byte> saved)
                ? PartitionPosition.Read(saved.Span)
                : offsets.First(partition);
            _positions.Add(partition, position);
            if (!position.IsDone)
            {
                _open.Add(partition);
            }
        }
    }

    private TopicPartitionOffset At(int partition, long offset) => new(options.Topic, partition, offset);

    private string UnitOf(int partition) => string.Create(CultureInfo.InvariantCulture, $"{options.Topic}/{partition}");
}
