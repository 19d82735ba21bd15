using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Groups.Classic;

/// <summary>The members of a group, and the ids given to clients that have not joined with them yet.</summary>
internal sealed class GroupMembers
{
    private readonly Dictionary<string, GroupMember> _byId = [];
    private readonly Dictionary<string, GroupMember> _byInstance = [];
    private readonly Dictionary<string, TimeSpan> _pending = [];

    public IReadOnlyCollection<GroupMember> All => _byId.Values;

    /// <summary>Members and ids that may become members.</summary>
    public int Count => _byId.Count + _pending.Count;

    public bool IsEmpty => _byId.Count == 0;

    public bool HasPending => _pending.Count > 0;

    public bool AllJoined => _byId.Values.All(member => member.IsJoining);

    public GroupMember? Find(string id) => _byId.GetValueOrDefault(id);

    public GroupMember? FindInstance(string instanceId) => _byInstance.GetValueOrDefault(instanceId);

    /// <summary>Finds a member by the id it names itself with; a static member that was replaced is told so.</summary>
    public ErrorCode Check(string id, string? instanceId, out GroupMember? member)
    {
        member = Find(id);
        if (instanceId is not null)
        {
            GroupMember? holder = FindInstance(instanceId);
            return holder is null ? ErrorCode.UnknownMemberId : holder.Id == id ? ErrorCode.None : ErrorCode.FencedInstanceId;
        }

        return member is null ? ErrorCode.UnknownMemberId : ErrorCode.None;
    }

    public void Add(GroupMember member)
    {
        _byId.Add(member.Id, member);
        if (member.InstanceId is { } instance)
        {
            _byInstance[instance] = member;
        }
    }

    public GroupMember Remove(string id)
    {
        _byId.Remove(id, out GroupMember? member);
        if (member!.InstanceId is { } instance)
        {
            _byInstance.Remove(instance);
        }

        return member;
    }

    public void Clear()
    {
        _byId.Clear();
        _byInstance.Clear();
        _pending.Clear();
    }

    public void Replace(GroupMember member, string newId)
    {
        _byId.Remove(member.Id);
        member.Replace(newId);
        _byId.Add(newId, member);
    }

    public void AddPending(string id, TimeSpan until) => _pending[id] = until;

    public bool TakePending(string id) => _pending.Remove(id);

    /// <summary>Forgets ids that no client came back with; true when there were any.</summary>
    public bool ExpirePending(TimeSpan now)
    {
        string[] late = [.. _pending.Where(entry => entry.Value <= now).Select(entry => entry.Key)];
        foreach (string id in late)
        {
            _pending.Remove(id);
        }

        return late.Length > 0;
    }

    /// <summary>Whether one of the request's protocols is known to all members.</summary>
    public bool ShareProtocolWith(JoinGroupRequest request) =>
        request.Protocols.Any(protocol => _byId.Values.All(member => member.Id == request.MemberId || member.Knows(protocol.Name)));

    /// <summary>The protocol that all know and most like best; each member votes for the first in its list that all know.</summary>
    public string ChooseProtocol()
    {
        HashSet<string> shared = [.. _byId.Values.First().Protocols.Select(protocol => protocol.Name)];
        foreach (GroupMember member in _byId.Values)
        {
            shared.IntersectWith(member.Protocols.Select(protocol => protocol.Name));
        }

        return _byId.Values
            .Select(member => member.Protocols.First(protocol => shared.Contains(protocol.Name)).Name)
            .GroupBy(name => name)
            .MaxBy(votes => votes.Count())!.Key;
    }
}
