namespace Freshet.Tests.Support;

/// <summary>
/// A file system of its own in a file, whose power can be cut: after <see cref="CutPowerAsync"/> every access fails, and once it is
/// mounted again only what had been forced to disk is there. Needs root and a kernel that mounts it.
/// </summary>
public sealed class XfsVolume : IAsyncDisposable
{
    /// <summary>XFS makes no smaller ones.</summary>
    private const long Bytes = 320L << 20;

    private readonly TemporaryFolder _folder;
    private readonly string _image;

    private XfsVolume(TemporaryFolder folder)
    {
        _folder = folder;
        _image = Path.Combine(folder.Path, "image");
        MountPoint = Directory.CreateDirectory(Path.Combine(folder.Path, "mounted")).FullName;
    }

    /// <summary>The folder that is the volume's root.</summary>
    public string MountPoint { get; }

    /// <summary>Makes and mounts a volume; null where that cannot be done.</summary>
    public static async Task<XfsVolume?> TryCreateAsync()
    {
        if (Environment.UserName != "root" || Peers.MakeXfs is null || Peers.XfsIo is null)
        {
            return null;
        }

        var folder = new TemporaryFolder();
        var volume = new XfsVolume(folder);
        await using (FileStream image = File.Create(volume._image))
        {
            image.SetLength(Bytes);
        }

        bool isReady = await SucceedsAsync(Peers.MakeXfs, "-q", volume._image) && await volume.MountAsync();
        if (!isReady)
        {
            folder.Dispose();
        }

        return isReady ? volume : null;
    }

    /// <summary>Loses everything that was not forced to disk.</summary>
    public async Task CutPowerAsync() => Require(await SucceedsAsync(Peers.XfsIo!, "-x", "-c", "shutdown", MountPoint), "cut the power of");

    /// <summary>Mounts the volume again, as after a reboot. Nothing may have a file of it open.</summary>
    public async Task RestoreAsync()
    {
        Require(await SucceedsAsync("umount", MountPoint), "unmount");
        Require(await MountAsync(), "mount");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await SucceedsAsync("umount", MountPoint);
        _folder.Dispose();
    }

    private Task<bool> MountAsync() => SucceedsAsync("mount", "-o", "loop", _image, MountPoint);

    private void Require(bool done, string what)
    {
        if (!done)
        {
            throw new InvalidOperationException($"Could not {what} {MountPoint}.");
        }
    }

    private static async Task<bool> SucceedsAsync(string program, params string[] arguments) => (await ProgramRun.RunAsync(program, arguments)).ExitCode == 0;
}
