namespace Freshet.Coordination.Tree;

/// <summary>The tree's digest at every 128th zxid, for administrators who compare servers or look where they went apart.</summary>
internal sealed class DigestHistory
{
    // As in ZooKeeper.
    private const int Interval = 128;
    private const int MaxEntries = 1024;

    private readonly Queue<(long Zxid, long Digest)> _entries = new();

    /// <summary>The newest 1024, oldest first.</summary>
    public IReadOnlyCollection<(long Zxid, long Digest)> Entries => _entries;

    public static bool Keeps(long zxid) => zxid % Interval == 0;

    public void Add(long zxid, long digest)
    {
        if (_entries.Count == MaxEntries)
        {
            _entries.Dequeue();
        }

        _entries.Enqueue((zxid, digest));
    }
}
