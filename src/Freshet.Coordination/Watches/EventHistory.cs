using Freshet.Coordination.Access;
using Freshet.Coordination.Tree;
using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Watches;

/// <summary>The newest changes that watches hear of, for clients that were away. Bounded: the oldest go. Used in sequence.</summary>
/// <param name="start">Zxid after which it has everything.</param>
internal sealed class EventHistory(int maxCount, long maxBytes, long start)
{
    private readonly Queue<PastEvent> _events = new();
    private long _bytes;

    /// <summary>Everything after this zxid is here.</summary>
    public long Start { get; private set; } = start;

    public void Add(WatchEventType type, string path, Znode znode, long zxid)
    {
        _events.Enqueue(new PastEvent(zxid, type, path, znode.Acl, type == WatchEventType.NodeDataChanged ? null : znode.Parent?.Acl));
        _bytes += path.Length * sizeof(char);
        while (_events.Count > maxCount || _bytes > maxBytes)
        {
            PastEvent oldest = _events.Dequeue();
            _bytes -= oldest.Path.Length * sizeof(char);
            Start = oldest.Zxid;
        }
    }

    /// <summary>Forgets everything up to a zxid, because something of it is not known.</summary>
    public void Forget(long zxid)
    {
        _events.Clear();
        (_bytes, Start) = (0, zxid);
    }

    /// <summary>What happened after a zxid, oldest first.</summary>
    public IEnumerable<PastEvent> After(long zxid) => _events.SkipWhile(past => past.Zxid <= zxid);
}

/// <summary>A change that watches heard of.</summary>
/// <param name="Acl">Who might hear of it: the access list that the znode had.</param>
/// <param name="ParentAcl">The parent's, if the change was one of its children too; else null.</param>
internal readonly record struct PastEvent(long Zxid, WatchEventType Type, string Path, AclList Acl, AclList? ParentAcl);
