using Freshet.Streams.Runtime;

namespace Freshet.Streams.Windows;

/// <summary>
/// Follows the largest event time seen and lets the watermark follow at a distance. A partitioned spout's partitions are followed one
/// by one, so that reading one faster than another makes nothing late; a partition that brought nothing yet holds event time back.
/// </summary>
internal sealed class WatermarkOperator<T>(
    OperatorContext context, IPartitionedSpout? spout, Func<T, DateTimeOffset> timeOf, TimeSpan maxOutOfOrderness, TimeSpan? idleAfter, Output<T> next)
    : Operator<T, T>(context, next)
{
    private const int TheOnlyPartition = 0;
    private static readonly int[] OnePartition = [TheOnlyPartition];

    private readonly Dictionary<int, PartitionTime> _partitions = [];
    private PartitionTime? _current;
    private int _currentPartition = -1;
    private long _watermark = Message.NoWatermark;
    private bool _isIdle;

    public override void Emit(T tuple)
    {
        Context.Metrics.Executed++;
        int partition = spout?.CurrentPartition ?? TheOnlyPartition;
        if (partition != _currentPartition || _current is null)
        {
            _currentPartition = partition;
            _current = Follow(partition);
        }

        _current.Largest = Math.Max(_current.Largest, timeOf(tuple).UtcTicks);
        _current.IsFresh = true;
        Next.Emit(tuple);
    }

    public override async ValueTask FlushAsync()
    {
        // Tuples first: the watermark speaks of those already sent.
        await base.FlushAsync().ConfigureAwait(false);
        await UpdateAsync().ConfigureAwait(false);
    }

    public override async ValueTask AdvanceAsync(long watermark)
    {
        _watermark = Math.Max(_watermark, watermark);
        await base.AdvanceAsync(_watermark).ConfigureAwait(false);
    }

    protected override void Open()
    {
    }

    private async ValueTask UpdateAsync()
    {
        if (_watermark == Message.EndOfTime)
        {
            return;
        }

        long? least = MinOfActive();
        if (least is null)
        {
            await BecomeIdleAsync().ConfigureAwait(false);
            return;
        }

        long watermark = least.Value == Message.NoWatermark ? Message.NoWatermark : least.Value - maxOutOfOrderness.Ticks;
        if (watermark > _watermark || (_isIdle && watermark != Message.NoWatermark))
        {
            _isIdle = false;
            await AdvanceAsync(watermark).ConfigureAwait(false);
        }
    }

    /// <summary>When nothing more is to come for now, nobody needs to be waited for: event time goes as far as it is known.</summary>
    private async ValueTask BecomeIdleAsync()
    {
        if (!_isIdle)
        {
            long largest = _partitions.Values.Select(partition => partition.Largest).DefaultIfEmpty(Message.NoWatermark).Max();
            if (largest != Message.NoWatermark && largest - maxOutOfOrderness.Ticks > _watermark)
            {
                await AdvanceAsync(largest - maxOutOfOrderness.Ticks).ConfigureAwait(false);
            }

            _isIdle = true;
            await IdleAsync().ConfigureAwait(false);
        }
    }

    /// <summary>The least of the partitions' largest times; null when every partition has been silent for too long, or is finished.</summary>
    private long? MinOfActive()
    {
        long? least = null;
        foreach (int partition in spout?.OpenPartitions ?? OnePartition)
        {
            PartitionTime time = Follow(partition);
            if (!IsSilent(time))
            {
                least = Math.Min(least ?? long.MaxValue, time.Largest);
            }
        }

        return least;
    }

    private bool IsSilent(PartitionTime time)
    {
        if (time.IsFresh)
        {
            time.IsFresh = false;
            time.LastHeard = Context.Flow.TimeIdle;
        }

        return idleAfter is TimeSpan limit && Context.Flow.TimeIdle - time.LastHeard > limit;
    }

    private PartitionTime Follow(int partition)
    {
        if (!_partitions.TryGetValue(partition, out PartitionTime? time))
        {
            _partitions.Add(partition, time = new PartitionTime());
        }

        return time;
    }

    private sealed class PartitionTime
    {
        public long Largest { get; set; } = Message.NoWatermark;

        /// <summary>How much the task had waited in all when the partition last brought something.</summary>
        public TimeSpan LastHeard { get; set; }

        /// <summary>Whether a tuple came since the last look; asking the clock for each tuple would cost more than the tuple.</summary>
        public bool IsFresh { get; set; }
    }
}
