using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Client.Watches;

/// <summary>
/// How far a session has seen the events of its persistent watches, over all its connections. Events come in the order of their
/// transactions, and before every reply that shows their effect. Used by one read loop at a time.
/// </summary>
internal sealed class EventPosition
{
    // Those seen of the newest transaction: a connection may break in the middle of one.
    private readonly List<WatchEvent> _ofNewest = [];
    private long _newest;

    // The same when the replay began, and how many of them have been told again.
    private WatchEvent[] _known = [];
    private long _knownOf;
    private int _repeated;

    /// <summary>Newest zxid of which every event was seen.</summary>
    public long Complete { get; private set; }

    /// <summary>A reply of this zxid has come.</summary>
    public void Reached(long zxid) => Complete = Math.Max(Complete, zxid);

    /// <summary>An event has come that was not seen before.</summary>
    public void Saw(WatchEvent change, long zxid)
    {
        if (zxid > _newest)
        {
            _newest = zxid;
            _ofNewest.Clear();
            Reached(zxid - 1);
        }

        if (zxid == _newest)
        {
            _ofNewest.Add(change);
        }
    }

    /// <summary>What happened after <see cref="Complete"/> will be told again.</summary>
    public void BeginReplay() => (_known, _knownOf, _repeated) = ([.. _ofNewest], _newest, 0);

    /// <summary>Whether an event that is told again was seen before the replay began.</summary>
    public bool HasSeen(WatchEvent change, long zxid)
    {
        int at = zxid == _knownOf ? Array.IndexOf(_known, change, _repeated) : -1;
        _repeated = at < 0 ? _repeated : at + 1;
        return at >= 0;
    }
}
