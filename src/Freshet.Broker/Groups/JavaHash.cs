namespace Freshet.Broker.Groups;

/// <summary>Java's hash of a string, by which Kafka chooses the partition that keeps a group.</summary>
internal static class JavaHash
{
    public static int Of(string text)
    {
        int hash = 0;
        foreach (char unit in text)
        {
            hash = unchecked((31 * hash) + unit);
        }

        return hash;
    }

    /// <summary>The partition of a group.</summary>
    public static int PartitionOf(string group, int partitions)
    {
        int hash = Of(group);
        return hash == int.MinValue ? 0 : Math.Abs(hash) % partitions;
    }
}
