namespace Freshet.Broker.Cluster.Brokers;

/// <summary>
/// The file in the data directory that says to which cluster the data belongs. A broker that meets another cluster would find
/// its topics unknown and make room for new ones: it must not start.
/// </summary>
internal static class ClusterIdFile
{
    private const string Name = "cluster.id";

    /// <exception cref="InvalidOperationException">The data belongs to another cluster.</exception>
    public static void Check(string dataDirectory, string clusterId)
    {
        string path = Path.Combine(dataDirectory, Name);
        if (!File.Exists(path))
        {
            File.WriteAllText(path, clusterId);
            return;
        }

        string known = File.ReadAllText(path).Trim();
        if (known.Length > 0 && known != clusterId)
        {
            throw new InvalidOperationException(
                $"The data in {dataDirectory} belongs to cluster {known}, but the coordination service to cluster {clusterId}. "
                + $"Start the broker with its own coordination service or an empty data directory; delete {path} only to give up the old topics.");
        }
    }
}
