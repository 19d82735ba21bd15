using System.Globalization;
using System.Text;
using Freshet.Protocol;

namespace Freshet.Broker.Partitions;

/// <summary>
/// What <c>partition.metadata</c> says of a partition's owner. A folder of another topic's id is deleted, so an id counts for that only
/// with its checksum.
/// </summary>
/// <param name="TopicId">The topic's id; none when the file is not readable.</param>
/// <param name="IsCertain">Whether its checksum holds.</param>
internal readonly record struct PartitionMetadata(Guid? TopicId, bool IsCertain)
{
    private const string Name = "partition.metadata";

    /// <summary>The file in a folder, or null when there is none or nothing in it: a crash came before it was written.</summary>
    public static PartitionMetadata? TryRead(string folder)
    {
        string path = Path.Combine(folder, Name);
        byte[] bytes = File.Exists(path) ? File.ReadAllBytes(path) : [];
        return bytes.AsSpan().ContainsAnyExcept((byte)0) ? Parse(Encoding.Latin1.GetString(bytes)) : null;
    }

    public static void Write(string folder, Guid topicId) => File.WriteAllText(Path.Combine(folder, Name), TextOf(topicId));

    private static PartitionMetadata Parse(string text)
    {
        Guid? topicId = text.Split('\n') is [_, string line, ..] && Guid.TryParse(line.AsSpan(line.IndexOf(':') + 1), out Guid id) ? id : null;
        return new PartitionMetadata(topicId, topicId is { } whole && text == TextOf(whole));
    }

    private static string TextOf(Guid topicId)
    {
        string text = $"version: 0\ntopic_id: {topicId}\n";
        return $"{text}checksum: {Crc32C.Compute(Encoding.ASCII.GetBytes(text)).ToString("x8", CultureInfo.InvariantCulture)}\n";
    }
}
