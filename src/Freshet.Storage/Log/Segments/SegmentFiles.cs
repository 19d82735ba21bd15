using System.Globalization;

namespace Freshet.Storage.Log.Segments;

/// <summary>Names of a segment's files: its base offset in 20 digits, so that they sort, and what they hold.</summary>
internal static class SegmentFiles
{
    public const string LogSuffix = ".log";
    public const string OffsetIndexSuffix = ".index";
    public const string TimeIndexSuffix = ".timeindex";

    public const string DeletedSuffix = ".deleted";

    /// <summary>Ends the names of files that are written anew and take the old one's place when they are complete.</summary>
    public const string UnfinishedSuffix = ".tmp";

    private static readonly string[] Indexes = [OffsetIndexSuffix, TimeIndexSuffix];
    private static readonly string[] All = [LogSuffix, .. Indexes];

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

    /// <summary>Base offset in a file's name.</summary>
    public static long BaseOffsetOf(string path) => long.Parse(Path.GetFileName(path.AsSpan())[..20], NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>Removes a segment. Readers that hold its file open go on; the system frees the space after them.</summary>
    /// <param name="suffix">What follows the usual names, for files that are not in use.</param>
    /// <param name="indexesOnly">Whether the batches stay.</param>
    public static void Delete(string folder, long baseOffset, string suffix = "", bool indexesOnly = false)
    {
        foreach (string kind in indexesOnly ? Indexes : All)
        {
            File.Delete(PathOf(folder, baseOffset, kind) + suffix);
        }
    }

    /// <summary>Gives the files of a deleted segment the name under which they wait for their removal.</summary>
    public static string[] MarkDeleted(string folder, long baseOffset)
    {
        var marked = new List<string>();
        foreach (string path in All.Select(kind => PathOf(folder, baseOffset, kind)).Where(File.Exists))
        {
            File.Move(path, path + DeletedSuffix, overwrite: true);
            marked.Add(path + DeletedSuffix);
        }

        return [.. marked];
    }

    /// <summary>Removes files of deleted segments that were still waiting.</summary>
    public static void FinishDeletions(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(folder, "*" + DeletedSuffix).ToArray())
        {
            File.Delete(file);
        }
    }
    /// <summary>
    /// Removes indexes without a segment and files that were not written to their end. An index must not wait for a later segment of
    /// the same base offset: it would lead to places in another file.
    /// </summary>
    public static void DeleteOrphans(string folder)
    {
        foreach (string index in Indexes.SelectMany(kind => Directory.EnumerateFiles(folder, "*" + kind)).ToArray())
        {
            if (!File.Exists(Path.ChangeExtension(index, LogSuffix)))
            {
                File.Delete(index);
            }
        }

        foreach (string unfinished in Directory.EnumerateFiles(folder, "*" + UnfinishedSuffix).ToArray())
        {
            File.Delete(unfinished);
        }
    }
}
