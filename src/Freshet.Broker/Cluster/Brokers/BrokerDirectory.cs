using Freshet.Storage.Files;

namespace Freshet.Broker.Cluster.Brokers;

/// <summary>
/// A broker's data directory, locked. Whoever holds it knows that no other process works there, so a registration with this
/// directory's <see cref="Incarnation"/> that is still standing is one that a killed process left behind.
/// </summary>
internal sealed class BrokerDirectory : IAsyncDisposable
{
    private const string IncarnationName = "directory.id";

    private readonly DirectoryLock _lock;

    private BrokerDirectory(DirectoryLock held, string incarnation) => (_lock, Incarnation) = (held, incarnation);

    /// <summary>The directory's own id; it stays as long as the directory does.</summary>
    public string Incarnation { get; }

    /// <exception cref="IOException">Another process has the directory.</exception>
    public static BrokerDirectory Open(string directory) =>
        new(DirectoryLock.Acquire(directory), ReadOrCreateIncarnation(Path.Combine(directory, IncarnationName)));

    public ValueTask DisposeAsync() => _lock.DisposeAsync();

    private static string ReadOrCreateIncarnation(string path)
    {
        if (File.Exists(path) && File.ReadAllText(path) is { Length: > 0 } known)
        {
            return known;
        }

        string created = Guid.NewGuid().ToString("N");
        File.WriteAllText(path, created);
        return created;
    }
}
