using Freshet.Broker.Groups.Offsets;
using Freshet.Broker.Groups.Storage;
using Freshet.Broker.Partitions.Batches;
using Freshet.Protocol.Kafka;

namespace Freshet.Broker.Groups;

/// <summary>Lets time pass for the groups: silent members go, and offsets that nobody needs any more expire.</summary>
internal sealed class GroupUpkeep : IAsyncDisposable
{
    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(100);
    private readonly GroupRegistry _groups;
    private readonly GroupStore _store;
    private readonly GroupLog _log;
    private readonly BrokerOptions _options;
    private readonly TimeProvider _time;
    private ITimer? _ticks;
    private DateTimeOffset _nextSweep;
    private bool _isTicking;

    public GroupUpkeep(GroupRegistry groups, GroupStore store, GroupLog log, BrokerOptions options, TimeProvider time)
    {
        _groups = groups;
        _store = store;
        _log = log;
        _options = options;
        _time = time;
        _nextSweep = time.GetUtcNow() + options.OffsetsRetentionCheckInterval;
    }

    public void Start()
    {
        foreach (Group group in _groups.All)
        {
            lock (group)
            {
                _groups.WakeUnlessAtRest(group);
            }
        }

        _ticks = _time.CreateTimer(_ => Tick(), null, TickInterval, TickInterval);
    }

    public ValueTask DisposeAsync() => _ticks?.DisposeAsync() ?? ValueTask.CompletedTask;

    private void Tick()
    {
        // Many groups on a busy machine may take longer than an interval; the next look then waits for the one after.
        if (Interlocked.Exchange(ref _isTicking, true))
        {
            return;
        }

        foreach (Group group in _groups.Awake)
        {
            Tick(group);
        }

        if (_time.GetUtcNow() >= _nextSweep)
        {
            foreach (Group group in _groups.All)
            {
                _ = SweepAsync(group).AsTask();
            }

            _nextSweep = _time.GetUtcNow() + _options.OffsetsRetentionCheckInterval;
        }

        Volatile.Write(ref _isTicking, false);
    }

    private void Tick(Group group)
    {
        lock (group)
        {
            if (group.IsDeleted || group.IsAtRest)
            {
                _groups.LetRest(group);
                return;
            }

            group.Tick();
            group.Conversion.DowngradeIfDue(_log.View);
        }

        _ = _store.StoreIfChangedAsync(group).AsTask();
    }

    /// <summary>Forgets offsets that have expired, and the group when nothing of it is left.</summary>
    private async ValueTask SweepAsync(Group group)
    {
        ValueTask<ErrorCode> storing;
        lock (group)
        {
            OffsetRecord[] expired = group.IsDeleted ? [] : OffsetExpiry.Expired(group, topic => group.Reads(topic, _log.View), _log.Now, _options.OffsetsRetention);
            storing = expired.Length == 0 ? default : _store.StoreOffsetsAsync(group, expired);
        }

        await storing.ConfigureAwait(false);
        ValueTask<AppendResult> deleting;
        lock (group)
        {
            deleting = group.IsNothing && !group.IsDeleted ? _store.DeleteAsync(group, CancellationToken.None) : default;
        }

        await deleting.ConfigureAwait(false);
    }
}
