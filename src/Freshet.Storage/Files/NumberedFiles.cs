using System.Globalization;

namespace Freshet.Storage.Files;

/// <summary>Files of one kind in a directory, each named by a prefix and a sequence in 16 hexadecimal digits.</summary>
internal static class NumberedFiles
{
    private const int Digits = 16;

    public static string Name(string prefix, long sequence) => prefix + sequence.ToString("x16", CultureInfo.InvariantCulture);

    /// <summary>The files in the order of their sequences. What is named otherwise is somebody else's.</summary>
    public static List<(long Sequence, string Path)> In(string directory, string prefix)
    {
        var files = new List<(long Sequence, string Path)>();
        foreach (string path in Directory.EnumerateFiles(directory, prefix + "*"))
        {
            ReadOnlySpan<char> digits = Path.GetFileName(path.AsSpan())[prefix.Length..];
            if (digits.Length == Digits && long.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out long sequence) && sequence >= 0)
            {
                files.Add((sequence, path));
            }
        }

        files.Sort((one, other) => one.Sequence.CompareTo(other.Sequence));
        return files;
    }
}
