namespace Freshet.Broker.Cluster;

/// <summary>
/// Keeps a second broker out of a data directory. Whoever holds the lock knows that no other process works there, so a registration
/// with this directory's <see cref="Incarnation"/> that is still standing is one that a killed process left behind.
/// </summary>
internal sealed class DataDirectoryLock : IAsyncDisposable
{
    private const string LockName = ".lock";
    private const string IncarnationName = "directory.id";

    private readonly FileStream _lock;

    private DataDirectoryLock(FileStream held, string incarnation) => (_lock, Incarnation) = (held, incarnation);

    /// <summary>The directory's own id; it stays as long as the directory does.</summary>
    public string Incarnation { get; }

    /// <exception cref="IOException">Another process has the directory.</exception>
    public static DataDirectoryLock Acquire(string directory)
    {
        Directory.CreateDirectory(directory);
        FileStream held;
        try
        {
            held = new FileStream(Path.Combine(directory, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException taken)
        {
            throw new IOException($"Another process uses the data directory {directory}. Stop it, or give this broker a directory of its own.", taken);
        }

        return new DataDirectoryLock(held, ReadOrCreateIncarnation(Path.Combine(directory, IncarnationName)));
    }

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
