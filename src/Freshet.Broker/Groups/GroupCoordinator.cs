using Freshet.Broker.Cluster.Topics;
using Freshet.Broker.Groups.Classic;
using Freshet.Broker.Groups.Consumers;
using Freshet.Broker.Groups.Offsets;
using Freshet.Broker.Groups.Settings;
using Freshet.Broker.Groups.Storage;
using Freshet.Broker.Partitions.Batches;
using Freshet.Protocol.Kafka;
using Microsoft.Extensions.Logging;

namespace Freshet.Broker.Groups;

/// <summary>Coordinates the groups that this broker keeps: what clients ask of groups comes in here and goes to the part that it is about.</summary>
internal sealed class GroupCoordinator : IAsyncDisposable
{
    private readonly GroupRegistry _groups;
    private readonly GroupLog _log;
    private readonly GroupStore _store;
    private readonly GroupLoader _loader;
    private readonly GroupUpkeep _upkeep;

    public GroupCoordinator(BrokerOptions options, GroupSettings settings, GroupLog log, TimeProvider time, ILogger logger)
    {
        _groups = new GroupRegistry(options, time, settings);
        _log = log;
        _store = new GroupStore(_groups, log);
        Classic = new ClassicGroups(_groups, _store, log);
        Consumers = new ConsumerGroups(_groups, _store);
        Commits = new OffsetCommits(_groups, _store, log);
        OffsetDeletion = new OffsetDeletion(_groups, _store);
        _loader = new GroupLoader(_groups, log, Commits, logger);
        _upkeep = new GroupUpkeep(_groups, _store, log, options, time);
    }

    public ClassicGroups Classic { get; }

    public ConsumerGroups Consumers { get; }

    public OffsetCommits Commits { get; }

    public OffsetDeletion OffsetDeletion { get; }

    public IEnumerable<Group> All => _groups.All;

    /// <summary>Those that are looked after as time passes.</summary>
    public IEnumerable<Group> Awake => _groups.Awake;

    /// <summary>Reads the groups that are stored, and looks after them from then on. To be called once, when the broker knows its partitions.</summary>
    public void Start()
    {
        _loader.LoadAll();
        _upkeep.Start();
    }

    /// <summary>Whether this broker keeps the group, and if not, what to tell the client.</summary>
    public ErrorCode Check(string groupId) => groupId.Length == 0 ? ErrorCode.InvalidGroupId : CheckKept(groupId);

    /// <summary>As <see cref="Check"/>, for a group that may be the one without a name: old consumers keep offsets in it, and nobody can join it.</summary>
    public ErrorCode CheckKept(string groupId) => _log.Check(groupId);

    /// <summary>Partition of <see cref="Topic.ConsumerOffsets"/> that keeps the group; null while there is no such topic.</summary>
    public int? PlaceOf(string groupId) => _log.PartitionOf(groupId) is >= 0 and int place ? place : null;

    public Group? Find(string groupId) => _groups.Find(groupId);

    /// <summary>Deletes a group without members and its offsets.</summary>
    public async ValueTask<ErrorCode> DeleteAsync(string groupId, CancellationToken cancellation)
    {
        if (Find(groupId) is not { } group)
        {
            return ErrorCode.GroupIdNotFound;
        }

        ValueTask<AppendResult> storing;
        lock (group)
        {
            if (!group.IsEmpty || group.CommitsUnderWay > 0 || group.Offsets.HasPending)
            {
                return ErrorCode.NonEmptyGroup;
            }

            storing = _store.DeleteAsync(group, cancellation);
        }

        return (await storing.ConfigureAwait(false)).Error;
    }

    public async ValueTask DisposeAsync()
    {
        await _upkeep.DisposeAsync().ConfigureAwait(false);
        foreach (Group group in _groups.All)
        {
            lock (group)
            {
                group.EndWaits(ErrorCode.NotCoordinator);
            }
        }
    }
}
