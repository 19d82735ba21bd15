using Freshet.Coordination.Connections;

namespace Freshet.Coordination.Watches;

/// <summary>The watches of one kind: who watches a path, and what a connection watches.</summary>
internal sealed class WatchIndex
{
    private readonly Dictionary<string, HashSet<ClientConnection>> _byPath = [];
    private readonly Dictionary<ClientConnection, HashSet<string>> _byConnection = [];

    /// <summary>How many watches there are.</summary>
    public int Count { get; private set; }

    /// <summary>The paths that are watched.</summary>
    public IReadOnlyCollection<string> Paths => _byPath.Keys;

    /// <summary>The connections that watch anything.</summary>
    public IReadOnlyCollection<ClientConnection> Connections => _byConnection.Keys;

    public bool IsEmpty => _byPath.Count == 0;

    public void Add(string path, ClientConnection connection)
    {
        if (!_byPath.TryGetValue(path, out HashSet<ClientConnection>? watchers))
        {
            _byPath.Add(path, watchers = []);
        }

        if (!watchers.Add(connection))
        {
            return;
        }

        Count++;
        if (!_byConnection.TryGetValue(connection, out HashSet<string>? paths))
        {
            _byConnection.Add(connection, paths = []);
        }

        paths.Add(path);
    }

    public bool Contains(ReadOnlySpan<char> path, ClientConnection connection) =>
        _byPath.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(path, out HashSet<ClientConnection>? watchers) && watchers.Contains(connection);

    public bool IsWatched(string path) => _byPath.ContainsKey(path);

    public bool Watches(ClientConnection connection) => _byConnection.ContainsKey(connection);

    /// <summary>What a connection watches.</summary>
    public IReadOnlyCollection<string> PathsOf(ClientConnection connection) => _byConnection.TryGetValue(connection, out HashSet<string>? paths) ? paths : [];

    /// <summary>Who watches a path.</summary>
    public IReadOnlyCollection<ClientConnection> WatchersOf(string path) => _byPath.TryGetValue(path, out HashSet<ClientConnection>? watchers) ? watchers : [];

    public bool Remove(string path, ClientConnection connection)
    {
        if (!_byPath.TryGetValue(path, out HashSet<ClientConnection>? watchers) || !watchers.Remove(connection))
        {
            return false;
        }

        Count--;
        if (watchers.Count == 0)
        {
            _byPath.Remove(path);
        }

        Forget(connection, path);
        return true;
    }

    public void RemoveAll(ClientConnection connection)
    {
        if (!_byConnection.Remove(connection, out HashSet<string>? paths))
        {
            return;
        }

        Count -= paths.Count;
        foreach (string path in paths)
        {
            if (_byPath.TryGetValue(path, out HashSet<ClientConnection>? watchers) && watchers.Remove(connection) && watchers.Count == 0)
            {
                _byPath.Remove(path);
            }
        }
    }

    /// <summary>Adds the path's watchers to <paramref name="watchers"/>.</summary>
    public void CopyTo(ReadOnlySpan<char> path, HashSet<ClientConnection> watchers)
    {
        if (_byPath.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(path, out HashSet<ClientConnection>? found))
        {
            watchers.UnionWith(found);
        }
    }

    /// <summary>As <see cref="CopyTo"/>, and removes them: they have fired.</summary>
    public void MoveTo(string path, HashSet<ClientConnection> watchers)
    {
        if (!_byPath.Remove(path, out HashSet<ClientConnection>? fired))
        {
            return;
        }

        Count -= fired.Count;
        watchers.UnionWith(fired);
        foreach (ClientConnection connection in fired)
        {
            Forget(connection, path);
        }
    }

    private void Forget(ClientConnection connection, string path)
    {
        if (_byConnection.TryGetValue(connection, out HashSet<string>? paths) && paths.Remove(path) && paths.Count == 0)
        {
            _byConnection.Remove(connection);
        }
    }
}
