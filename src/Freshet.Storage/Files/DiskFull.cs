namespace Freshet.Storage.Files;

/// <summary>Tells a disk, or a quota of it, that is full from one that has failed.</summary>
internal static class DiskFull
{
    private const int NoSpace = 28;
    private const int LinuxQuota = 122;
    private const int MacQuota = 69;
    private const int WindowsHandleDiskFull = unchecked((int)0x80070027);
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    public static bool Is(IOException failure) => OperatingSystem.IsWindows()
        ? failure.HResult is WindowsHandleDiskFull or WindowsDiskFull
        : failure.HResult == NoSpace || failure.HResult == (OperatingSystem.IsMacOS() ? MacQuota : LinuxQuota);
}
