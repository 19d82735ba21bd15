using System.Globalization;
using Freshet.Coordination.Connections;
using Freshet.Coordination.Sessions;

namespace Freshet.Coordination.Admin.Words;

/// <summary><c>dump</c>: when sessions expire, which ephemeral znodes they own, and the connections. Its cost grows with all of them.</summary>
internal static class DumpWord
{
    public static void Dump(CoordinationServer server, BoundedText output)
    {
        WriteSessions(server, output);
        WriteEphemerals(server, output);
        WriteConnections(server, output);
    }

    private static void WriteSessions(CoordinationServer server, BoundedText output)
    {
        output.WriteLine("SessionTracker dump:");
        output.WriteLine($"Session Sets ({server.Expiry.Buckets.Count()})/({server.Expiry.Buckets.Sum(bucket => bucket.Sessions.Count)}):");
        DateTimeOffset start = server.Time.GetUtcNow().AddMilliseconds(-server.Clock.Now);
        foreach ((long deadline, IReadOnlyCollection<Session> sessions) in server.Expiry.Buckets)
        {
            string at = start.AddMilliseconds(deadline).ToString("ddd MMM dd HH:mm:ss 'UTC' yyyy", CultureInfo.InvariantCulture);
            output.WriteLine($"{sessions.Count} expire at {at}:");
            foreach (Session session in sessions.TakeWhile(_ => !output.IsFull))
            {
                output.WriteLine($"\t0x{session.Id:x}");
            }
        }
    }

    private static void WriteEphemerals(CoordinationServer server, BoundedText output)
    {
        IReadOnlyCollection<long> owners = server.State.Tree.Ephemerals.Owners;
        output.WriteLine("ephemeral nodes dump:");
        output.WriteLine($"Sessions with Ephemerals ({owners.Count}):");
        foreach (long owner in owners.TakeWhile(_ => !output.IsFull))
        {
            output.WriteLine($"0x{owner:x}:");
            foreach (string path in server.State.Tree.Ephemerals.PathsOf(owner).TakeWhile(_ => !output.IsFull))
            {
                output.WriteLine($"\t{path}");
            }
        }
    }

    private static void WriteConnections(CoordinationServer server, BoundedText output)
    {
        output.WriteLine("Connections dump:");
        output.WriteLine($"Connections Sets (1)/({server.Connections.Count}):");
        foreach (ClientConnection connection in server.Connections.TakeWhile(_ => !output.IsFull))
        {
            output.WriteLine($"\tip: /{connection.RemoteAddress} sessionId: 0x{connection.Session?.Id ?? 0:x}");
        }
    }
}
