using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Groups.Classic;

/// <summary>One member of a group and what it waits for.</summary>
internal sealed class GroupMember(string id, JoinGroupRequest join, string clientId, string clientHost)
{
    private TaskCompletionSource<JoinGroupResponse>? _join;
    private TaskCompletionSource<SyncGroupResponse>? _sync;

    public string Id { get; private set; } = id;

    public string? InstanceId { get; } = join.GroupInstanceId;

    public string ClientId { get; } = clientId;

    public string ClientHost { get; } = clientHost;

    public TimeSpan SessionTimeout { get; private set; } = TimeSpan.FromMilliseconds(join.SessionTimeoutMs);

    public TimeSpan RebalanceTimeout { get; private set; } = TimeSpan.FromMilliseconds(Math.Max(join.RebalanceTimeoutMs, 0));

    public IReadOnlyList<JoinGroupProtocol> Protocols { get; private set; } = join.Protocols;

    public byte[] Assignment { get; set; } = [];

    /// <summary>Time at which it is taken for dead, unless it waits for an answer of ours.</summary>
    public TimeSpan SessionEnd { get; private set; }

    /// <summary>Whether it asked for its assignment in this generation.</summary>
    public bool HasSynced { get; private set; }

    public bool IsJoining => _join is not null;

    public bool IsWaiting => _join is not null || _sync is not null;

    public bool IsStatic => InstanceId is not null;

    public void Alive(TimeSpan now) => SessionEnd = now + SessionTimeout;

    public bool Knows(string protocol) => Protocols.Any(known => known.Name == protocol);

    public byte[] MetadataFor(string protocol) => Protocols.FirstOrDefault(known => known.Name == protocol)?.Metadata ?? [];

    /// <summary>Whether the protocols and their metadata are the ones it joined with.</summary>
    public bool IsUnchangedBy(JoinGroupRequest request) =>
        Protocols.Count == request.Protocols.Count
        && Protocols.Zip(request.Protocols).All(pair => pair.First.Name == pair.Second.Name && pair.First.Metadata.AsSpan().SequenceEqual(pair.Second.Metadata));

    public void Update(JoinGroupRequest request)
    {
        SessionTimeout = TimeSpan.FromMilliseconds(request.SessionTimeoutMs);
        RebalanceTimeout = TimeSpan.FromMilliseconds(Math.Max(request.RebalanceTimeoutMs, 0));
        Protocols = request.Protocols;
    }

    /// <summary>Gives a static member that came back a new id; whoever waits under the old one is told that it is replaced.</summary>
    public void Replace(string newId)
    {
        Joined(JoinGroupResponse.Refused(ErrorCode.FencedInstanceId, Id));
        Synced(SyncGroupResponse.Refused(ErrorCode.FencedInstanceId));
        Id = newId;
    }

    /// <summary>Waits for the rebalance to end. An earlier wait of the same member is a lost connection's and is ended.</summary>
    public Task<JoinGroupResponse> WaitForJoin()
    {
        Joined(JoinGroupResponse.Refused(ErrorCode.RebalanceInProgress, Id));
        _join = new TaskCompletionSource<JoinGroupResponse>(TaskCreationOptions.RunContinuationsAsynchronously);
        return _join.Task;
    }

    public void Joined(JoinGroupResponse response)
    {
        _join?.TrySetResult(response);
        _join = null;
    }

    /// <summary>Waits for the leader's assignment.</summary>
    public Task<SyncGroupResponse> WaitForSync()
    {
        Synced(SyncGroupResponse.Refused(ErrorCode.RebalanceInProgress));
        HasSynced = true;
        _sync = new TaskCompletionSource<SyncGroupResponse>(TaskCreationOptions.RunContinuationsAsynchronously);
        return _sync.Task;
    }

    public void Synced(SyncGroupResponse response)
    {
        _sync?.TrySetResult(response);
        _sync = null;
    }

    public void StartGeneration() => HasSynced = false;
}
