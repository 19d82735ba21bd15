using Microsoft.Win32.SafeHandles;

namespace Freshet.Storage.Files;

/// <summary>Small files that are either there as a whole or not at all, whatever happens while they are written.</summary>
public static class DurableFile
{
    /// <summary>Writes the file beside its place, forces it to disk unless told otherwise, and renames it into place.</summary>
    /// <param name="path">Where; a file that stands there is replaced.</param>
    /// <param name="contents">What.</param>
    /// <param name="ownerOnly">Whether only the owner of the process may read it. Ignored on Windows.</param>
    /// <param name="force">Whether it must survive a power cut, and not only a killed process.</param>
    public static void Create(string path, ReadOnlySpan<byte> contents, bool ownerOnly = false, bool force = true)
    {
        string draft = path + ".tmp";
        File.Delete(draft);
        using (SafeFileHandle file = File.OpenHandle(draft, FileMode.CreateNew, FileAccess.Write))
        {
            if (ownerOnly && !OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }

            RandomAccess.Write(file, contents, 0);
            if (force)
            {
                DataSync.Flush(file);
            }
        }

        File.Move(draft, path, overwrite: true);
        if (force)
        {
            DirectorySync.Flush(Path.GetDirectoryName(Path.GetFullPath(path))!);
        }
    }
}
