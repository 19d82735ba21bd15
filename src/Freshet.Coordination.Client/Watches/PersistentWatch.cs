using System.Threading.Channels;
using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Client.Watches;

/// <summary>A reader of a persistent watch, and the events it has not read. Written to by the read loop only.</summary>
/// <param name="path">The client's path, which its own events name.</param>
internal sealed class PersistentWatch(string path)
{
    /// <summary>Unread events at which the reader is told to read everything again. A few megabytes at most.</summary>
    public const int MaxUnread = 10_000;

    private readonly Channel<WatchEvent> _events = Channel.CreateUnbounded<WatchEvent>(new UnboundedChannelOptions { SingleWriter = true });
    private bool _set;

    public string Path => path;

    public ChannelReader<WatchEvent> Events => _events.Reader;

    /// <summary>The server has answered the request to set the watch. A connection that was just beginning may have set it already.</summary>
    public void SetFirst()
    {
        if (!_set)
        {
            Set();
        }
    }

    /// <summary>A new connection has set the watch.</summary>
    public void SetAgain(bool nothingMissed)
    {
        if (!_set || !nothingMissed)
        {
            Set();
        }
    }

    public void Fire(WatchEvent change)
    {
        if (!_set)
        {
            return; // another reader's watch on the same path
        }

        if (_events.Reader.Count < MaxUnread)
        {
            _events.Writer.TryWrite(change);
            return;
        }

        while (_events.Reader.TryRead(out _))
        {
        }

        Set();
    }

    /// <summary>The session is over.</summary>
    public void Fail(ErrorCode error) => _events.Writer.TryComplete(new CoordinationException(error, "Watch", path));

    /// <summary>The watch is set, and its reader must read what it needs.</summary>
    private void Set()
    {
        _set = true;
        _events.Writer.TryWrite(new WatchEvent(WatchEventType.None, KeeperState.SyncConnected, path));
    }
}
