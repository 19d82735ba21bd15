using System.Collections.Concurrent;
using Freshet.Broker.Groups.Settings;

namespace Freshet.Broker.Groups;

/// <summary>The groups that this broker keeps, by id. A group is only touched under its lock.</summary>
internal sealed class GroupRegistry(BrokerOptions options, TimeProvider time, GroupSettings settings)
{
    private readonly ConcurrentDictionary<string, Group> _groups = new();
    private readonly ConcurrentDictionary<Group, bool> _awake = new();

    /// <summary>All of them, without a copy of the list and without holding up others.</summary>
    public IEnumerable<Group> All => _groups.Select(entry => entry.Value);

    /// <summary>Those that time may change; all that are not at rest are among them.</summary>
    public IEnumerable<Group> Awake => _awake.Select(entry => entry.Key);

    public int Count => _groups.Count;

    public Group? Find(string id) => _groups.GetValueOrDefault(id);

    /// <summary>The group, a new one if there is none. Another may delete it before it is locked.</summary>
    public Group FindOrAdd(string id) => _groups.GetOrAdd(id, New);

    /// <summary>Puts a new group in the place of the one of that id.</summary>
    public Group Replace(string id) => _groups[id] = New(id);

    public void Remove(Group group) => _groups.TryRemove(new KeyValuePair<string, Group>(group.Id, group));

    /// <summary>Notes a group that is not at rest. Called under its lock, after what changes it.</summary>
    public void WakeUnlessAtRest(Group group)
    {
        if (!group.IsAtRest && !group.IsDeleted)
        {
            _awake.TryAdd(group, true);
        }
    }

    /// <summary>Lets time pass by a group from now on. Called under its lock.</summary>
    public void LetRest(Group group) => _awake.TryRemove(group, out _);

    private Group New(string id) => new(id, options, time, settings);
}
