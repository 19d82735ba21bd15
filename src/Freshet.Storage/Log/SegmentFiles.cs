using System.Globalization;

namespace Freshet.Storage.Log;

/// <summary>Names of a segment's files: its base offset in 20 digits, so that they sort, and what they hold.</summary>
internal static class SegmentFiles
{
    public const string LogSuffix = ".log";
    public const string OffsetIndexSuffix = ".index";
    public const string TimeIndexSuffix = ".timeindex";

    public static string PathOf(string folder, long baseOffset, string suffix) =>
        Path.Combine(folder, baseOffset.ToString("D20", CultureInfo.InvariantCulture) + suffix);

    /// <summary>Base offsets of the segments in a folder, in order. Files with other names are left alone.</summary>
    public static IReadOnlyList<long> BaseOffsets(string folder)
    {
        var offsets = new List<long>();
        foreach (string file in Directory.EnumerateFiles(folder, "*" + LogSuffix))
        {
            string name = Path.GetFileNameWithoutExtension(file);
            if (name.Length == 20 && long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out long offset))
            {
                offsets.Add(offset);
            }
        }

        offsets.Sort();
        return offsets;
    }

    /// <summary>Removes a segment. Readers that hold its file open go on; the system frees the space after them.</summary>
    public static void Delete(string folder, long baseOffset)
    {
        foreach (string suffix in (ReadOnlySpan<string>)[LogSuffix, OffsetIndexSuffix, TimeIndexSuffix])
        {
            File.Delete(PathOf(folder, baseOffset, suffix));
        }
    }
}
