using System.Globalization;

namespace Freshet.Broker.Partitions;

/// <summary>
/// Where a partition lives: <c>&lt;topic&gt;-&lt;number&gt;</c> in the data directory, with the topic's id in
/// <c>partition.metadata</c>, so that a topic that was deleted and created again is not mistaken for the old one.
/// </summary>
internal sealed record PartitionFolder(string Path, string Topic, int Index, Guid TopicId)
{
    /// <summary>Added to a folder's name while its files are being removed.</summary>
    public const string DeletedSuffix = "-delete";

    /// <summary>Whether <see cref="TopicId"/> is what was written, by its checksum. Otherwise it may be wrong, or empty, and no reason to delete anything.</summary>
    public bool IsCertain { get; private init; } = true;

    /// <summary>The folders of a data directory that hold a partition.</summary>
    public static IEnumerable<PartitionFolder> In(string dataDirectory)
    {
        foreach (string path in Directory.EnumerateDirectories(dataDirectory))
        {
            string name = System.IO.Path.GetFileName(path);
            int dash = name.LastIndexOf('-');
            if (dash > 0 && int.TryParse(name.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int index)
                && PartitionMetadata.TryRead(path) is { } metadata)
            {
                yield return new PartitionFolder(path, name[..dash], index, metadata.TopicId ?? Guid.Empty) { IsCertain = metadata.IsCertain };
            }
        }
    }

    /// <summary>The folder of a partition, which need not be there.</summary>
    public static PartitionFolder At(string dataDirectory, string topic, int index, Guid topicId) =>
        new(System.IO.Path.Combine(dataDirectory, FormattableString.Invariant($"{topic}-{index}")), topic, index, topicId);

    /// <summary>Makes the folder of a new partition, or takes one that has no <c>partition.metadata</c>.</summary>
    public static PartitionFolder Create(string dataDirectory, string topic, int index, Guid topicId)
    {
        PartitionFolder folder = At(dataDirectory, topic, index, topicId);
        Directory.CreateDirectory(folder.Path);
        PartitionMetadata.Write(folder.Path, topicId);
        return folder;
    }

    /// <summary>Removes what there is of the folder.</summary>
    public void DeleteIfThere()
    {
        if (Directory.Exists(Path))
        {
            Delete();
        }
    }

    /// <summary>Removes the folder. The rename comes first: from then on no start takes a half removed folder for a partition.</summary>
    public void Delete()
    {
        string doomed = FormattableString.Invariant($"{Path}.{Guid.NewGuid():N}{DeletedSuffix}");
        Directory.Move(Path, doomed);
        Directory.Delete(doomed, recursive: true);
    }

    /// <summary>Removes what an interrupted <see cref="Delete"/> left.</summary>
    public static void FinishDeletions(string dataDirectory)
    {
        foreach (string path in Directory.EnumerateDirectories(dataDirectory, "*" + DeletedSuffix))
        {
            Directory.Delete(path, recursive: true);
        }
    }
}
