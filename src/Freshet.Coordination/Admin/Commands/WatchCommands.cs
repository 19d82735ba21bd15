using System.Text.Json.Nodes;
using Freshet.Coordination.Connections;

namespace Freshet.Coordination.Admin.Commands;

/// <summary>The watches as numbers, by session and by path.</summary>
internal static class WatchCommands
{
    public static JsonObject Summary(CoordinationServer server) => new()
    {
        ["num_connections"] = server.Watches.ConnectionCount,
        ["num_paths"] = server.Watches.PathCount,
        ["num_total_watches"] = server.Watches.Count,
    };

    public static JsonObject BySession(CoordinationServer server)
    {
        var sessions = new JsonObject();
        foreach (ClientConnection connection in server.Watches.Connections)
        {
            sessions[$"{connection.Session?.Id ?? 0}"] = new JsonArray([.. server.Watches.PathsOf(connection).Select(path => JsonValue.Create(path))]);
        }

        return new JsonObject { ["session_id_to_watched_paths"] = sessions };
    }

    public static JsonObject ByPath(CoordinationServer server)
    {
        var paths = new JsonObject();
        foreach (string path in server.Watches.Paths)
        {
            paths[path] = new JsonArray([.. server.Watches.WatchersOf(path).Select(connection => JsonValue.Create(connection.Session?.Id ?? 0))]);
        }

        return new JsonObject { ["path_to_session_ids"] = paths };
    }
}
