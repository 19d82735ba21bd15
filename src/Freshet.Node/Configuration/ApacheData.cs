namespace Freshet.Node.Configuration;

/// <summary>Recognizes a data directory of Apache ZooKeeper, whose files Freshet does not read in place.</summary>
internal static class ApacheData
{
    /// <summary>The folder in which Apache ZooKeeper keeps snapshots and logs.</summary>
    private const string Folder = "version-2";

    /// <summary>Refuses a folder with Apache Kafka's data and none of Freshet's.</summary>
    /// <exception cref="InvalidDataException">It is such a folder.</exception>
    public static void RefuseKafka(string directory)
    {
        if (File.Exists(Path.Combine(directory, "meta.properties")) && !Directory.Exists(Path.Combine(directory, FreshetNodeOptions.BrokerFolder)))
        {
            throw new InvalidDataException(
                $"{directory} holds Apache Kafka's data (its file meta.properties), which Freshet does not read in place. Name an empty folder in log.dirs.");
        }
    }

    /// <summary>Refuses a folder with Apache's data and none of Freshet's: starting empty beside it would look like a loss.</summary>
    /// <exception cref="InvalidDataException">It is such a folder.</exception>
    public static void Refuse(string directory)
    {
        if (Directory.Exists(Path.Combine(directory, Folder)) && !Directory.Exists(Path.Combine(directory, FreshetNodeOptions.CoordinationFolder)))
        {
            throw new InvalidDataException(
                $"{directory} holds Apache ZooKeeper's data (its folder {Folder}), which Freshet does not read in place. "
                + $"Bring it over with 'freshet import --from {directory} --data DIR', or name an empty data directory to start without it.");
        }
    }
}
