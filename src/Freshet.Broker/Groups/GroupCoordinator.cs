using System.Collections.Concurrent;
using Freshet.Broker.Cluster;
using Freshet.Broker.Groups.Consumers;
using Freshet.Broker.Partitions;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;
using Microsoft.Extensions.Logging;

namespace Freshet.Broker.Groups;

/// <summary>The groups that this broker keeps. A group is only touched under its lock; what must be stored is stored before it is told.</summary>
internal sealed class GroupCoordinator : IAsyncDisposable
{
    // From here on a client knows the errors of the consumer protocol.
    private const short FirstConsumerCommit = 9;
    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(100);
    private readonly ConcurrentDictionary<string, Group> _groups = new();
    private readonly BrokerOptions _options;
    private readonly GroupLog _log;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ITimer _ticks;
    private DateTimeOffset _nextSweep;

    public GroupCoordinator(BrokerOptions options, GroupLog log, TimeProvider time, ILogger logger)
    {
        _options = options;
        _log = log;
        _time = time;
        _logger = logger;
        Load();
        _nextSweep = time.GetUtcNow() + options.OffsetsRetentionCheckInterval;
        _ticks = time.CreateTimer(_ => Tick(), null, TickInterval, TickInterval);
    }

    public IEnumerable<Group> All => _groups.Values;

    /// <summary>Whether this broker keeps the group, and if not, what to tell the client.</summary>
    public ErrorCode Check(string groupId) => groupId.Length == 0 ? ErrorCode.InvalidGroupId : _log.Check(groupId);

    /// <summary>Partition of <see cref="Cluster.Topic.ConsumerOffsets"/> that keeps the group; null while there is no such topic.</summary>
    public int? PlaceOf(string groupId) => _log.PartitionOf(groupId) is >= 0 and int place ? place : null;

    public Group? Find(string groupId) => _groups.GetValueOrDefault(groupId);

    public async ValueTask<JoinGroupResponse> JoinAsync(
        JoinGroupRequest request, short version, string clientId, string clientHost, CancellationToken cancellation)
    {
        Task<JoinGroupResponse>? joined = null;
        Group group;
        do
        {
            group = _groups.GetOrAdd(request.GroupId, id => new Group(id, _options, _time));
            lock (group)
            {
                if (!group.IsDeleted)
                {
                    joined = JoinLocked(group, request, version, clientId, clientHost);
                }
            }
        }
        while (joined is null);

        await StoreIfChangedAsync(group).ConfigureAwait(false);
        return await joined.WaitAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>A heartbeat of the consumer protocol. What it changes is stored before it is answered.</summary>
    public async ValueTask<ConsumerGroupHeartbeatResponse> HeartbeatAsync(
        ConsumerGroupHeartbeatRequest request, string clientId, string clientHost, ClusterView view, Func<string, bool> mayKnow)
    {
        while (true)
        {
            Group? group = request.IsJoin ? _groups.GetOrAdd(request.GroupId, id => new Group(id, _options, _time)) : Find(request.GroupId);
            if (group is null)
            {
                return ConsumerGroupHeartbeatResponse.Refused(ErrorCode.UnknownMemberId, $"There is no group '{request.GroupId}'.");
            }

            ConsumerGroupHeartbeatResponse response;
            ValueTask<ErrorCode> storing;
            lock (group)
            {
                if (group.IsDeleted)
                {
                    continue;
                }

                if ((request.IsJoin ? group.ToConsumer() : group.Consumer) is not { } consumer)
                {
                    return ConsumerGroupHeartbeatResponse.Refused(
                        ErrorCode.GroupIdNotFound, $"The group '{request.GroupId}' has members of the classic protocol, and can change to the consumer protocol once they have left.");
                }

                response = consumer.Heartbeat(request, clientId, clientHost, view, mayKnow);
                storing = StoreChangesAsync(group, consumer);
            }

            ErrorCode stored = await storing.ConfigureAwait(false);
            return stored == ErrorCode.None ? response : ConsumerGroupHeartbeatResponse.Refused(ErrorCode.CoordinatorNotAvailable, "The group could not be stored; try again.");
        }
    }

    public async ValueTask<SyncGroupResponse> SyncAsync(SyncGroupRequest request, CancellationToken cancellation)
    {
        if (Find(request.GroupId) is not { } group)
        {
            return SyncGroupResponse.Refused(ErrorCode.UnknownMemberId);
        }

        Task<SyncGroupResponse> synced;
        Membership? toStore;
        lock (group)
        {
            synced = group.Sync(request, out bool brought);
            toStore = brought ? Membership.Of(group, _log.Now, request.Assignments) : null;
        }

        if (toStore is not null)
        {
            AppendResult stored = await _log.AppendAsync(group.Id, [new MembershipRecord(group.Id, toStore)], CancellationToken.None).ConfigureAwait(false);
            lock (group)
            {
                if (stored.Error == ErrorCode.None)
                {
                    group.CompleteSync(toStore.Generation, request.Assignments);
                    group.StoredVersion = group.Version;
                }
                else
                {
                    group.FailSync(toStore.Generation, stored.Error);
                }
            }
        }

        return await synced.WaitAsync(cancellation).ConfigureAwait(false);
    }

    public ErrorCode Heartbeat(HeartbeatRequest request)
    {
        if (Find(request.GroupId) is not { } group)
        {
            return ErrorCode.UnknownMemberId;
        }

        lock (group)
        {
            return group.Heartbeat(request);
        }
    }

    public async ValueTask<LeftMember[]> LeaveAsync(LeaveGroupRequest request)
    {
        if (Find(request.GroupId) is not { } group)
        {
            return [.. request.Members.Select(member => new LeftMember(member.MemberId, member.GroupInstanceId, ErrorCode.UnknownMemberId))];
        }

        LeftMember[] left;
        lock (group)
        {
            left = [.. request.Members.Select(member => new LeftMember(
                member.MemberId, member.GroupInstanceId, group.Consumer?.Remove(member.MemberId, member.GroupInstanceId) ?? group.Leave(member)))];
        }

        await StoreIfChangedAsync(group).ConfigureAwait(false);
        return left;
    }

    /// <summary>Stores offsets, then lets them be seen.</summary>
    /// <param name="partitions">What the request is about, by topic id.</param>
    public async ValueTask<ErrorCode> CommitAsync(
        OffsetCommitRequest request, short version, IReadOnlyList<OffsetRecord> offsets, IReadOnlyList<TopicIdPartition> partitions)
    {
        Group group = _groups.GetOrAdd(request.GroupId, id => new Group(id, _options, _time));
        ValueTask<ErrorCode> storing;
        lock (group)
        {
            ErrorCode error = CheckCommit(group, request, version, partitions);
            if (error != ErrorCode.None || offsets.Count == 0)
            {
                return error;
            }

            // Begun under the lock: a commit that was allowed must not come to lie behind one of the partition's next owner.
            group.CommitsUnderWay++;
            storing = StoreOffsetsAsync(group, offsets);
        }

        try
        {
            return await storing.ConfigureAwait(false);
        }
        finally
        {
            lock (group)
            {
                group.CommitsUnderWay--;
            }
        }
    }

    /// <summary>Stores offsets as part of a producer's transaction; they are seen when it commits.</summary>
    /// <param name="partitions">What the request is about, by topic id.</param>
    public async ValueTask<ErrorCode> CommitInTransactionAsync(
        TxnOffsetCommitRequest request, IReadOnlyList<OffsetRecord> offsets, IReadOnlyList<TopicIdPartition> partitions, ITransactionGuard guard)
    {
        Group group = _groups.GetOrAdd(request.GroupId, id => new Group(id, _options, _time));
        AppendResult appended;
        lock (group)
        {
            ErrorCode error = group.IsDeleted ? ErrorCode.CoordinatorNotAvailable : group.CheckTransactionalCommit(request, partitions);
            if (error != ErrorCode.None || offsets.Count == 0)
            {
                return error;
            }

            // In one step: the transaction's end, which may come at any time, finds all that was appended before it.
            appended = _log.Append(group.Id, offsets, request.ProducerId, request.ProducerEpoch, guard);
            for (int index = 0; appended.Error == ErrorCode.None && index < offsets.Count; index++)
            {
                group.Offsets.AddPending(request.ProducerId, offsets[index], appended.BaseOffset + index);
            }
        }

        return (await _log.WaitForDiskAsync(group.Id, appended, CancellationToken.None).ConfigureAwait(false)).Error;
    }

    /// <summary>A producer's transaction ended in a partition of the groups' topic: its offsets are seen, or gone.</summary>
    public void EndTransaction(int partition, long producerId, bool commit)
    {
        foreach (Group group in _groups.Values)
        {
            lock (group)
            {
                if (group.Offsets.HasPending && _log.PartitionOf(group.Id) == partition)
                {
                    group.Offsets.EndTransaction(producerId, commit);
                }
            }
        }
    }

    private static ErrorCode CheckCommit(Group group, OffsetCommitRequest request, short version, IReadOnlyList<TopicIdPartition> partitions)
    {
        if (group.IsDeleted)
        {
            return ErrorCode.CoordinatorNotAvailable;
        }

        bool knowsConsumers = version >= FirstConsumerCommit;
        return group.Consumer is { } consumer
            ? !group.IsEmpty && !knowsConsumers ? ErrorCode.UnsupportedVersion : consumer.CheckCommit(request.MemberId, request.GenerationId, partitions)
            : group.CheckCommit(request) is var error && error == ErrorCode.IllegalGeneration && group.Generation == 0 && knowsConsumers ? ErrorCode.GroupIdNotFound
            : error;
    }

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

            storing = DeleteLockedAsync(group, cancellation);
        }

        return (await storing.ConfigureAwait(false)).Error;
    }

    private ValueTask<AppendResult> DeleteLockedAsync(Group group, CancellationToken cancellation)
    {
        group.IsDeleted = true;
        _groups.TryRemove(new KeyValuePair<string, Group>(group.Id, group));
        return _log.AppendAsync(
            group.Id,
            [
                .. group.Offsets.All.Select(entry => new OffsetRecord(group.Id, entry.Key.Topic, entry.Key.Partition, null)),
                .. group.Consumer?.Tombstones() ?? [new MembershipRecord(group.Id, null)],
            ],
            cancellation);
    }

    /// <summary>Deletes offsets, except those of topics that a member reads.</summary>
    public async ValueTask<(ErrorCode Error, Dictionary<string, ErrorCode> Topics)> DeleteOffsetsAsync(
        string groupId, IReadOnlyList<OffsetDeleteTopic> topics, ClusterView view)
    {
        if (Find(groupId) is not { } group)
        {
            return (ErrorCode.GroupIdNotFound, []);
        }

        Dictionary<string, ErrorCode> results;
        ValueTask<ErrorCode> storing;
        lock (group)
        {
            if (group.IsDeleted)
            {
                return (ErrorCode.GroupIdNotFound, []);
            }

            if (!group.IsEmpty && group.Consumer is null && group.ProtocolType != SubscriptionMetadata.ConsumerType)
            {
                return (ErrorCode.NonEmptyGroup, []);
            }

            results = topics.DistinctBy(topic => topic.Name).ToDictionary(
                topic => topic.Name, topic => group.Reads(topic.Name, view) ? ErrorCode.GroupSubscribedToTopic : ErrorCode.None);
            OffsetRecord[] tombstones =
            [
                .. from topic in topics
                   where results[topic.Name] == ErrorCode.None
                   from partition in topic.Partitions
                   where @group.Offsets.Find(topic.Name, partition) is not null
                   select new OffsetRecord(groupId, topic.Name, partition, null),
            ];
            storing = tombstones.Length == 0 ? default : StoreOffsetsAsync(group, tombstones);
        }

        return (await storing.ConfigureAwait(false), results);
    }

    /// <summary>Deletes the offsets of a deleted topic: they mean nothing in a new one of the same name.</summary>
    public async ValueTask ForgetTopicAsync(string topic)
    {
        foreach (Group group in _groups.Values)
        {
            OffsetRecord[] tombstones;
            lock (group)
            {
                tombstones = [.. group.Offsets.All.Where(entry => entry.Key.Topic == topic).Select(entry => new OffsetRecord(group.Id, topic, entry.Key.Partition, null))];
            }

            if (tombstones.Length > 0)
            {
                await StoreOffsetsAsync(group, tombstones).ConfigureAwait(false);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ticks.DisposeAsync().ConfigureAwait(false);
        foreach (Group group in _groups.Values)
        {
            lock (group)
            {
                group.EndWaits(ErrorCode.NotCoordinator);
            }
        }
    }

    private void Load()
    {
        int partitions = 0;
        foreach (StoredGroupRecord stored in _log.ReadAll())
        {
            partitions++;
            Load(stored);
        }

        foreach (Group nothing in _groups.Values.Where(group => group.IsNothing).ToArray())
        {
            _groups.TryRemove(nothing.Id, out _);
        }

        BrokerLog.GroupsLoaded(_logger, _groups.Count, partitions);
    }

    private void Load(StoredGroupRecord stored)
    {
        if (stored.Record is ConsumerGroupRecord consumer)
        {
            _groups.GetOrAdd(consumer.Group, id => new Group(id, _options, _time)).Restore(consumer);
        }
        else if (stored.Record is MembershipRecord membership)
        {
            // A later record replaces the group but not its offsets, so the offsets move over.
            var group = new Group(membership.Group, _options, _time);
            if (_groups.TryGetValue(membership.Group, out Group? earlier))
            {
                group.Offsets.TakeOver(earlier.Offsets);
            }

            membership.Membership?.Restore(group);
            _groups[membership.Group] = group;
        }
        else if (stored.Record is OffsetRecord offset)
        {
            GroupOffsets offsets = _groups.GetOrAdd(offset.Group, id => new Group(id, _options, _time)).Offsets;
            if (stored.ProducerId is { } producerId)
            {
                offsets.AddPending(producerId, offset, stored.Offset);
            }
            else
            {
                offsets.Apply(offset, stored.Offset);
            }
        }
        else if (stored is { Record: null, ProducerId: { } ended })
        {
            EndTransaction(stored.Partition, ended, stored.IsCommit);
        }
    }

    private void Tick()
    {
        bool sweeps = _time.GetUtcNow() >= _nextSweep;
        foreach (Group group in _groups.Values)
        {
            lock (group)
            {
                group.Tick();
            }

            _ = StoreIfChangedAsync(group).AsTask();
            if (sweeps)
            {
                _ = SweepAsync(group).AsTask();
            }
        }

        _nextSweep = sweeps ? _time.GetUtcNow() + _options.OffsetsRetentionCheckInterval : _nextSweep;
    }

    /// <summary>Forgets offsets that have expired, and the group when nothing of it is left.</summary>
    private async ValueTask SweepAsync(Group group)
    {
        ValueTask<ErrorCode> storing;
        lock (group)
        {
            OffsetRecord[] expired = group.IsDeleted ? [] : OffsetExpiry.Expired(group, topic => group.Reads(topic, _log.View), _log.Now, _options.OffsetsRetention);
            storing = expired.Length == 0 ? default : StoreOffsetsAsync(group, expired);
        }

        await storing.ConfigureAwait(false);
        ValueTask<AppendResult> deleting;
        lock (group)
        {
            deleting = group.IsNothing && !group.IsDeleted ? DeleteLockedAsync(group, CancellationToken.None) : default;
        }

        await deleting.ConfigureAwait(false);
    }

    private Task<JoinGroupResponse> JoinLocked(Group group, JoinGroupRequest request, short version, string clientId, string clientHost)
    {
        if (!group.TryMakeClassic(out IReadOnlyList<GroupRecord> tombstones))
        {
            return Task.FromResult(JoinGroupResponse.Refused(ErrorCode.InconsistentGroupProtocol, request.MemberId));
        }

        if (tombstones.Count > 0)
        {
            // Nobody waits for it: should it get lost, the group is found empty and made classic again.
            _ = _log.AppendAsync(group.Id, tombstones, CancellationToken.None).AsTask();
        }

        return group.Join(request, version, clientId, clientHost);
    }

    /// <summary>Stores what has changed in a group of the consumer protocol. Called under the group's lock, so that the records keep their order.</summary>
    private async ValueTask<ErrorCode> StoreChangesAsync(Group group, ConsumerGroup consumer)
    {
        IReadOnlyList<GroupRecord> changes = consumer.TakeChanges();
        if (changes.Count == 0)
        {
            return ErrorCode.None;
        }

        AppendResult stored = await _log.AppendAsync(group.Id, changes, CancellationToken.None).ConfigureAwait(false);
        if (stored.Error != ErrorCode.None)
        {
            lock (group)
            {
                consumer.PutBack(changes);
            }
        }

        return stored.Error;
    }

    private async ValueTask<ErrorCode> StoreOffsetsAsync(Group group, IReadOnlyList<OffsetRecord> offsets)
    {
        // Not given up half-way: what is stored must be seen.
        AppendResult stored = await _log.AppendAsync(group.Id, offsets, CancellationToken.None).ConfigureAwait(false);
        lock (group)
        {
            for (int index = 0; stored.Error == ErrorCode.None && index < offsets.Count; index++)
            {
                group.Offsets.Apply(offsets[index], stored.BaseOffset + index);
            }
        }

        return stored.Error;
    }

    /// <summary>Stores changes that nobody waits for: that a group is empty, or that a static member has a new id.</summary>
    private async ValueTask StoreIfChangedAsync(Group group)
    {
        Membership? toStore = null;
        ValueTask<ErrorCode> storing = default;
        lock (group)
        {
            if (group is { Consumer: { } consumer, IsDeleted: false })
            {
                storing = StoreChangesAsync(group, consumer);
            }
            else if (group.Version != group.StoredVersion && group.State is GroupState.Empty or GroupState.Stable && !group.IsDeleted)
            {
                group.StoredVersion = group.Version;
                toStore = group.Generation > 0 ? Membership.Of(group, _log.Now) : null;
            }
        }

        await storing.ConfigureAwait(false);
        if (toStore is not null)
        {
            await _log.AppendAsync(group.Id, [new MembershipRecord(group.Id, toStore)], CancellationToken.None).ConfigureAwait(false);
        }
    }
}
