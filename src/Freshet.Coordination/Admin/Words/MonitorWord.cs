namespace Freshet.Coordination.Admin.Words;

/// <summary><c>mntr</c>: the figures for monitoring, one <c>zk_name</c>, a tab and the value on each line.</summary>
internal static class MonitorWord
{
    public static void Mntr(CoordinationServer server, BoundedText output)
    {
        output.WriteLine($"zk_version\t{server.Options.ReportedVersion}");
        output.WriteLine($"zk_server_state\t{server.StateName}");
        foreach (MonitoredValue value in MonitoredValues.All)
        {
            output.WriteLine($"zk_{value.Name}\t{value.Format(server)}");
        }
    }
}
