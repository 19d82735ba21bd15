using Freshet.Coordination.Connections;

namespace Freshet.Coordination.Admin.Words;

/// <summary><c>srvr</c>: what monitoring asks first. <c>stat</c>: the same with the clients. <c>srst</c>: counts anew.</summary>
internal static class StatusWords
{
    public static void Srvr(CoordinationServer server, BoundedText output)
    {
        WriteVersion(server, output);
        WriteStatus(server, output);
    }

    public static void Stat(CoordinationServer server, BoundedText output)
    {
        WriteVersion(server, output);
        output.WriteLine("Clients:");
        foreach (ClientConnection connection in server.Connections)
        {
            ConnectionWords.WriteShort(connection, output);
            output.WriteLine(")");
        }

        output.WriteLine();
        WriteStatus(server, output);
    }

    public static void Srst(CoordinationServer server, BoundedText output)
    {
        server.Statistics.Reset();
        output.WriteLine("Server stats reset.");
    }

    private static void WriteVersion(CoordinationServer server, BoundedText output) =>
        output.WriteLine($"Zookeeper version: {server.Options.ReportedVersion}");

    private static void WriteStatus(CoordinationServer server, BoundedText output)
    {
        output.WriteLine($"Latency min/avg/max: {server.Statistics.Latency}");
        output.WriteLine($"Received: {server.Statistics.PacketsReceived}");
        output.WriteLine($"Sent: {server.Statistics.PacketsSent}");
        output.WriteLine($"Connections: {server.Connections.Count}");
        output.WriteLine($"Outstanding: {server.OutstandingRequests}");
        output.WriteLine($"Zxid: 0x{server.State.LastZxid:x}");
        output.WriteLine($"Mode: {server.StateName}");
        output.WriteLine($"Node count: {server.State.Tree.Count}");
    }
}
