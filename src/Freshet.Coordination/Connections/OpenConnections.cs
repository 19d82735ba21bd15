using System.Collections;

namespace Freshet.Coordination.Connections;

/// <summary>The connections of a server: which have output to flush after this batch, and which wait until limits let their input go on. Used in sequence.</summary>
internal sealed class OpenConnections(BatchClock clock) : IReadOnlyCollection<ClientConnection>
{
    private readonly HashSet<ClientConnection> _all = [];
    private readonly List<ClientConnection> _dirty = [];
    private readonly List<ClientConnection> _parked = [];
    private readonly List<ClientConnection> _resuming = [];

    public int Count => _all.Count;

    public void Add(ClientConnection connection) => _all.Add(connection);

    public void Remove(ClientConnection connection)
    {
        _all.Remove(connection);
        _parked.Remove(connection);
    }

    /// <summary>Has a connection's output flushed after this batch.</summary>
    public void MarkDirty(ClientConnection connection)
    {
        if (!connection.IsDirty)
        {
            connection.IsDirty = true;
            _dirty.Add(connection);
        }
    }

    /// <summary>Flushes those with output. The end of a batch.</summary>
    public void Flush()
    {
        long now = clock.EndBatch();
        // Flushing may mark connections again, at the end of the list.
        for (int i = 0; i < _dirty.Count; i++)
        {
            _dirty[i].IsDirty = false;
            _dirty[i].Statistics.EndBatch(now);
            _dirty[i].Flush();
        }

        _dirty.Clear();
    }

    /// <summary>Lets a connection wait until limits allow more of its requests.</summary>
    public void Park(ClientConnection connection)
    {
        if (!_parked.Contains(connection))
        {
            _parked.Add(connection);
        }
    }

    /// <summary>Goes on with a connection if it waited.</summary>
    public void Resume(ClientConnection connection)
    {
        if (_parked.Remove(connection))
        {
            connection.Input.Resume();
        }
    }

    /// <summary>Goes on with all that waited; those that still may not are parked again.</summary>
    public void ResumeAll()
    {
        _resuming.AddRange(_parked);
        _parked.Clear();
        foreach (ClientConnection connection in _resuming)
        {
            connection.Input.Resume();
        }

        _resuming.Clear();
    }

    public void CloseAll()
    {
        foreach (ClientConnection connection in _all)
        {
            connection.Close();
        }
    }

    public IEnumerator<ClientConnection> GetEnumerator() => _all.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
