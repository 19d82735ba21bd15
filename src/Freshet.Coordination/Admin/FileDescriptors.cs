using System.Globalization;

namespace Freshet.Coordination.Admin;

/// <summary>The process's files and sockets, as Linux tells them.</summary>
internal static class FileDescriptors
{
    private const int Unknown = -1;
    private const string Folder = "/proc/self/fd";
    private const string LimitsFile = "/proc/self/limits";

    public static int Open
    {
        get
        {
            try
            {
                return Directory.EnumerateFileSystemEntries(Folder).Count();
            }
            catch (Exception unknown) when (unknown is IOException or UnauthorizedAccessException)
            {
                return Unknown;
            }
        }
    }

    /// <summary>The soft limit. "Max open files" is followed by the soft and the hard one.</summary>
    public static long Limit { get; } = ReadLimit();

    private static long ReadLimit()
    {
        try
        {
            string? line = File.ReadLines(LimitsFile).FirstOrDefault(line => line.StartsWith("Max open files", StringComparison.Ordinal));
            string[] fields = line?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
            return fields.Length > 3 && long.TryParse(fields[3], CultureInfo.InvariantCulture, out long limit) ? limit : Unknown;
        }
        catch (Exception unknown) when (unknown is IOException or UnauthorizedAccessException)
        {
            return Unknown;
        }
    }
}
