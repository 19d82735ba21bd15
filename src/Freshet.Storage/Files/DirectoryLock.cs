namespace Freshet.Storage.Files;

/// <summary>Keeps a second process, or a second server in this one, out of a data directory. The operating system lets go of it when the process ends, however it ends.</summary>
public sealed class DirectoryLock : IAsyncDisposable
{
    private const string FileName = ".lock";

    private readonly FileStream _held;

    private DirectoryLock(FileStream held) => _held = held;

    /// <summary>Takes the directory, which is created when missing.</summary>
    /// <exception cref="IOException">Somebody else has it.</exception>
    public static DirectoryLock Acquire(string directory)
    {
        Directory.CreateDirectory(directory);
        try
        {
            return new DirectoryLock(new FileStream(Path.Combine(directory, FileName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException taken)
        {
            throw new IOException($"The data directory {directory} is in use by another server. Stop that one, or name another directory.", taken);
        }
    }

    /// <summary>Gives the directory back.</summary>
    public ValueTask DisposeAsync() => _held.DisposeAsync();
}
