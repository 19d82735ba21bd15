using Freshet.Coordination.Connections;
using Freshet.Coordination.Watches;

namespace Freshet.Coordination.Admin.Words;

/// <summary>
/// <c>wchs</c>: how many watches. <c>wchc</c>: by session. <c>wchp</c>: by path. The last two cost as much as there are watches.
/// </summary>
internal static class WatchWords
{
    public static void Wchs(CoordinationServer server, BoundedText output)
    {
        WatchTable watches = server.Watches;
        output.WriteLine($"{watches.ConnectionCount} connections watching {watches.PathCount} paths");
        output.WriteLine($"Total watches:{watches.Count}");
    }

    public static void Wchc(CoordinationServer server, BoundedText output)
    {
        foreach (ClientConnection connection in server.Watches.Connections.TakeWhile(_ => !output.IsFull))
        {
            output.WriteLine($"0x{connection.Session?.Id ?? 0:x}");
            foreach (string path in server.Watches.PathsOf(connection).TakeWhile(_ => !output.IsFull))
            {
                output.WriteLine($"\t{path}");
            }
        }

        output.WriteLine();
    }

    public static void Wchp(CoordinationServer server, BoundedText output)
    {
        foreach (string path in server.Watches.Paths.TakeWhile(_ => !output.IsFull))
        {
            output.WriteLine(path);
            foreach (ClientConnection connection in server.Watches.WatchersOf(path))
            {
                output.WriteLine($"\t0x{connection.Session?.Id ?? 0:x}");
            }
        }

        output.WriteLine();
    }
}
