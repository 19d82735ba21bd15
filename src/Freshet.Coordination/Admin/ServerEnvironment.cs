using System.Runtime.InteropServices;

namespace Freshet.Coordination.Admin;

/// <summary>What the server runs on, under ZooKeeper's names where it has one.</summary>
internal static class ServerEnvironment
{
    public static IEnumerable<(string Key, string Value)> Of(CoordinationServer server)
    {
        // Clients look for the version first.
        yield return ("zookeeper.version", server.Options.ReportedVersion);
        yield return ("host.name", Environment.MachineName);
        yield return ("runtime.version", RuntimeInformation.FrameworkDescription);
        yield return ("os.name", RuntimeInformation.RuntimeIdentifier);
        yield return ("os.arch", RuntimeInformation.OSArchitecture.ToString());
        yield return ("os.version", Environment.OSVersion.Version.ToString());
        yield return ("user.name", Environment.UserName);
        yield return ("user.dir", Environment.CurrentDirectory);
        yield return ("os.memory.max", $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 20}MB");
        yield return ("os.memory.total", $"{Environment.WorkingSet >> 20}MB");
    }
}
