using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Freshet.Storage.Journal;

/// <summary>
/// Wakes one waiting thread. A <see cref="Set"/> while nobody waits ends the next wait at once. On Linux this is an eventfd: one call
/// into the kernel on each side, where an <see cref="AutoResetEvent"/> makes two or three and costs twice the CPU time.
/// </summary>
internal sealed partial class WakeSignal : IDisposable
{
    private const int Interrupted = 4;
    private const int CloseOnExec = 0x80000;
    private readonly SafeFileHandle? _file = OperatingSystem.IsLinux() ? EventFile(0, CloseOnExec) : null;
    private readonly AutoResetEvent? _event;

    public WakeSignal()
    {
        if (_file is null or { IsInvalid: true })
        {
            (_file, _event) = (null, new AutoResetEvent(false));
        }
    }

    public void Set()
    {
        if (_file is null)
        {
            _event!.Set();
            return;
        }

        long one = 1;
        while (Write(_file, in one, sizeof(long)) < 0 && Marshal.GetLastPInvokeError() == Interrupted)
        {
        }
    }

    /// <summary>Returns after a <see cref="Set"/> that no wait has seen yet.</summary>
    public void Wait()
    {
        if (_file is null)
        {
            _event!.WaitOne();
            return;
        }

        while (Read(_file, out _, sizeof(long)) < 0 && Marshal.GetLastPInvokeError() == Interrupted)
        {
        }
    }

    public void Dispose()
    {
        _file?.Dispose();
        _event?.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    private static partial SafeFileHandle EventFile(uint initial, int flags);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint Read(SafeFileHandle file, out long value, nint length);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(SafeFileHandle file, in long value, nint length);
}
