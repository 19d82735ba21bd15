using Microsoft.Win32.SafeHandles;

namespace Freshet.Cli.Kafka;

/// <summary>Standard output as bytes. Unlike the console's own stream it notices when whoever read it, such as head, has gone.</summary>
internal static class StandardOutput
{
    private const int Descriptor = 1;
    private const int BrokenPipe = 32;

    public static Stream Open()
    {
        if (OperatingSystem.IsWindows())
        {
            return Console.OpenStandardOutput();
        }

        var pipe = new FileStream(new SafeFileHandle(Descriptor, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        // Written to at positions of its own, a file would not go on where the next program of a script begins.
        return pipe.CanSeek ? Console.OpenStandardOutput() : pipe;
    }

    /// <summary>Whether a write failed because nobody reads any more.</summary>
    public static bool IsUnread(IOException failure) => failure.HResult == BrokenPipe;
}
