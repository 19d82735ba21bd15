using System.Runtime.InteropServices;

namespace Freshet.Storage.Files;

/// <summary>Makes the names in a directory durable: after a create or a rename, a crash could otherwise lose the entry.</summary>
public static partial class DirectorySync
{
    private const int ReadOnly = 0;

    /// <summary>Forces the directory's entries to disk. Does nothing on Windows, where the file system orders them itself.</summary>
    /// <exception cref="IOException">The directory cannot be opened or forced.</exception>
    public static void Flush(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        int descriptor = Open(directory, ReadOnly);
        if (descriptor < 0)
        {
            throw Failure("open", directory);
        }

        try
        {
            if (FSync(descriptor) != 0)
            {
                throw Failure("fsync", directory);
            }
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static IOException Failure(string call, string directory) =>
        new($"Cannot {call} the directory {directory}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
