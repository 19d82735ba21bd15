using Freshet.Coordination.Connections;
using Freshet.Coordination.Sessions;

namespace Freshet.Coordination.Admin.Words;

/// <summary><c>cons</c>: every connection with all its figures. <c>crst</c>: counts anew.</summary>
internal static class ConnectionWords
{
    public static void Cons(CoordinationServer server, BoundedText output)
    {
        foreach (ClientConnection connection in server.Connections)
        {
            WriteShort(connection, output);
            if (connection.Session is Session session)
            {
                WriteRest(connection, session, output);
            }

            output.WriteLine(")");
        }

        output.WriteLine();
    }

    public static void Crst(CoordinationServer server, BoundedText output)
    {
        foreach (ClientConnection connection in server.Connections)
        {
            connection.Statistics.Reset();
        }

        output.WriteLine("Connection stats reset.");
    }

    /// <summary>Begins the line of a connection; it lacks the closing parenthesis.</summary>
    public static void WriteShort(ClientConnection connection, BoundedText output)
    {
        // In brackets the operations that the connection waits for: 1 is reading, as any but a closing one does.
        int interest = connection.IsClosing ? 0 : 1;
        ConnectionStatistics figures = connection.Statistics;
        output.Write($" /{connection.RemoteAddress}[{interest}](queued={connection.Waiting.Count},recved={figures.PacketsReceived},sent={figures.PacketsSent}");
    }

    private static void WriteRest(ClientConnection connection, Session session, BoundedText output)
    {
        ConnectionStatistics figures = connection.Statistics;
        output.Write($",sid=0x{session.Id:x},lop={OperationName.Of(figures.LastRequest.Type)},est={connection.EstablishedAt.ToUnixTimeMilliseconds()},to={session.Timeout}");
        output.Write($",lcxid=0x{figures.LastRequest.Xid:x},lzxid=0x{figures.LastZxid:x},lresp={figures.LastResponseAt},llat={figures.LastLatencyMs}");
        output.Write($",minlat={figures.Latency.MinMs},avglat={(long)figures.Latency.AverageMs},maxlat={figures.Latency.MaxMs}");
    }
}
