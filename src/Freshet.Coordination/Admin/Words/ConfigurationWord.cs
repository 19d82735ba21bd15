namespace Freshet.Coordination.Admin.Words;

/// <summary><c>conf</c>: the settings as <c>key=value</c>. <c>dirs</c>: the size of the data.</summary>
internal static class ConfigurationWord
{
    public static void Conf(CoordinationServer server, BoundedText output)
    {
        foreach ((string key, _, object value) in ServerConfiguration.Of(server))
        {
            output.WriteLine($"{key}={value}");
        }
    }

    public static void Dirs(CoordinationServer server, BoundedText output)
    {
        output.WriteLine($"datadir_size: {ServerConfiguration.DataSize(server)}");
        output.WriteLine($"logdir_size: {ServerConfiguration.JournalSize(server)}");
    }
}
