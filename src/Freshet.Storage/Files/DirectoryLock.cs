namespace Freshet.Storage.Files;

/// <summary>Keeps a second process, or a second server in this one, out of a data directory. The operating system lets go of it when the process ends, however it ends.</summary>
public sealed class DirectoryLock : IAsyncDisposable
{
    private const string FileName = ".lock";

    // What opening a locked file fails with: EAGAIN of Linux and of macOS, ERROR_SHARING_VIOLATION of Windows.
    private static readonly int[] Taken = [11, 35, unchecked((int)0x80070020)];

    private readonly FileStream _held;

    private DirectoryLock(FileStream held) => _held = held;

    /// <summary>Takes the directory, which is created when missing.</summary>
    /// <exception cref="IOException">Somebody else has it, or nothing can be written there.</exception>
    public static DirectoryLock Acquire(string directory)
    {
        Directory.CreateDirectory(directory);
        try
        {
            return new DirectoryLock(new FileStream(Path.Combine(directory, FileName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException taken) when (Taken.Contains(taken.HResult))
        {
            throw new IOException($"The data directory {directory} is in use by another server. Stop that one, or name another directory.", taken);
        }
    }

    /// <summary>Gives the directory back.</summary>
    public ValueTask DisposeAsync() => _held.DisposeAsync();
}
