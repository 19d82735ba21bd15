using System.Diagnostics;

namespace Freshet.Tests.Support;

/// <summary>A file system in memory that is full soon. Needs Linux and root.</summary>
public sealed class SmallDisk : IDisposable
{
    private readonly TemporaryFolder _folder;

    private SmallDisk(TemporaryFolder folder) => _folder = folder;

    /// <summary>Where it is.</summary>
    public string Path => _folder.Path;

    /// <summary>Makes one of that size; null where that cannot be done.</summary>
    public static SmallDisk? TryCreate(int kibibytes)
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root")
        {
            return null;
        }

        var folder = new TemporaryFolder();
        if (Run("mount", "-t", "tmpfs", "-o", $"size={kibibytes}k", "tmpfs", folder.Path) == 0)
        {
            return new SmallDisk(folder);
        }

        folder.Dispose();
        return null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Run("umount", Path);
        _folder.Dispose();
    }

    private static int Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
