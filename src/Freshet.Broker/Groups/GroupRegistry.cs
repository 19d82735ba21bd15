using System.Collections.Concurrent;
using Freshet.Broker.Groups.Settings;

namespace Freshet.Broker.Groups;

/// <summary>The groups that this broker keeps, by id. A group is only touched under its lock.</summary>
internal sealed class GroupRegistry(BrokerOptions options, TimeProvider time, GroupSettings settings)
{
    private readonly ConcurrentDictionary<string, Group> _groups = new();

    /// <summary>All of them, without a copy of the list and without holding up others.</summary>
    public IEnumerable<Group> All => _groups.Select(entry => entry.Value);

    public int Count => _groups.Count;

    public Group? Find(string id) => _groups.GetValueOrDefault(id);

    /// <summary>The group, a new one if there is none. Another may delete it before it is locked.</summary>
    public Group FindOrAdd(string id) => _groups.GetOrAdd(id, New);

    /// <summary>Puts a new group in the place of the one of that id.</summary>
    public Group Replace(string id) => _groups[id] = New(id);

    public void Remove(Group group) => _groups.TryRemove(new KeyValuePair<string, Group>(group.Id, group));

    private Group New(string id) => new(id, options, time, settings);
}
