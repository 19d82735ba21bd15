using Freshet.Broker.Groups.Migration;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Tests.Groups.Mixed;

/// <summary>
/// A client of the classic protocol. An eager one gives up everything before it joins; a cooperative one keeps what it has, and joins again
/// when it had to give something up.
/// </summary>
internal sealed class ClassicClient(OneGroup server, bool isCooperative) : IMember
{
    private int _generation = -1;
    private bool _mustJoin = true;
    private int? _dealt;
    private Task<JoinGroupResponse>? _joining;
    private Task<SyncGroupResponse>? _syncing;

    public string Id { get; private set; } = "";

    public HashSet<int> Owned { get; } = [];

    private string Assignor => isCooperative ? "cooperative" : "eager";

    public void Step()
    {
        if (_joining is { } joining)
        {
            if (joining.IsCompleted)
            {
                _joining = null;
                Joined(joining.Result);
            }
        }
        else if (_syncing is { } syncing)
        {
            if (syncing.IsCompleted)
            {
                _syncing = null;
                Synced(syncing.Result);
            }
        }
        else if (_mustJoin || (_dealt is { } dealt && dealt != server.Partitions))
        {
            Join();
        }
        else
        {
            Told(server.Heartbeat(new HeartbeatRequest("g", _generation, Id, null)));
        }
    }

    public void Leave()
    {
        Owned.Clear();
        server.Leave(Id);
    }

    public void LoseConnection()
    {
        _mustJoin |= _joining is not null || _syncing is not null;
        _joining = null;
        _syncing = null;
    }

    private void Join()
    {
        if (!isCooperative)
        {
            Owned.Clear();
        }

        byte[] metadata = EmbeddedBytes.Subscription(["t"], Owned.Count == 0 ? [] : [new EmbeddedPartitions("t", [.. Owned])]);
        _joining = server.Join(new JoinGroupRequest("g", 10_000, 20_000, Id, null, "consumer", [new JoinGroupProtocol(Assignor, metadata)]));
    }

    private void Joined(JoinGroupResponse response)
    {
        if (response.Error == ErrorCode.MemberIdRequired)
        {
            Id = response.MemberId;
            return;
        }

        Told(response.Error);
        if (response.Error == ErrorCode.None)
        {
            // Who leads sees to new partitions too.
            (_generation, _mustJoin, _dealt) = (response.GenerationId, false, response.Leader == Id ? server.Partitions : null);
            _syncing = server.Sync(new SyncGroupRequest("g", _generation, Id, null, null, Assignor, response.Leader == Id ? Assign(response.Members) : []));
        }
    }

    private void Synced(SyncGroupResponse response)
    {
        Told(response.Error);
        if (response.Error == ErrorCode.None)
        {
            HashSet<int> given = [.. EmbeddedAssignment.TryRead(response.Assignment)!.Partitions.SelectMany(topic => topic.Partitions)];
            _mustJoin = isCooperative && !Owned.IsSubsetOf(given);
            Owned.Clear();
            Owned.UnionWith(given);
        }
    }

    private void Told(ErrorCode error)
    {
        if (error is ErrorCode.UnknownMemberId or ErrorCode.IllegalGeneration)
        {
            Owned.Clear();
            Id = error == ErrorCode.UnknownMemberId ? "" : Id;
        }

        Assert.Contains(error, (ErrorCode[])[ErrorCode.None, ErrorCode.UnknownMemberId, ErrorCode.IllegalGeneration, ErrorCode.RebalanceInProgress]);
        _mustJoin |= error != ErrorCode.None;
    }

    /// <summary>Deals the partitions out in turn. A cooperative leader keeps back what another still has.</summary>
    private SyncGroupAssignment[] Assign(IReadOnlyList<JoinGroupMember> members)
    {
        string[] order = [.. members.Select(member => member.MemberId).Order(StringComparer.Ordinal)];
        var owners = members.SelectMany(member => EmbeddedSubscription.TryRead(member.Metadata)!.Owned.SelectMany(topic => topic.Partitions), (member, partition) => (partition, member.MemberId))
            .ToDictionary(owned => owned.partition, owned => owned.MemberId);
        return
        [
            .. order.Select((member, place) => new SyncGroupAssignment(member, EmbeddedBytes.Assignment(null, new EmbeddedPartitions(
                "t", [.. Enumerable.Range(0, server.Partitions).Where(partition => partition % order.Length == place && owners.GetValueOrDefault(partition, member) == member)])))),
        ];
    }
}
