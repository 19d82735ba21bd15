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

    public static IEnumerable<Pause> BySession(CoordinationServer server, BoundedJson json)
    {
        json.Writer.WriteStartObject("session_id_to_watched_paths");
        foreach (ClientConnection connection in json.Copy(server.Watches.Connections).TakeWhile(_ => !json.IsFull))
        {
            json.Writer.WriteStartArray($"{connection.Session?.Id ?? 0}");
            foreach (string path in json.Copy(server.Watches.PathsOf(connection)).TakeWhile(_ => !json.IsFull))
            {
                json.Writer.WriteStringValue(path);
                yield return default;
            }

            json.Writer.WriteEndArray();
        }

        json.Writer.WriteEndObject();
    }

    public static IEnumerable<Pause> ByPath(CoordinationServer server, BoundedJson json)
    {
        json.Writer.WriteStartObject("path_to_session_ids");
        foreach (string path in json.Copy(server.Watches.Paths).TakeWhile(_ => !json.IsFull))
        {
            json.Writer.WriteStartArray(path);
            foreach (ClientConnection connection in json.Copy(server.Watches.WatchersOf(path)).TakeWhile(_ => !json.IsFull))
            {
                json.Writer.WriteNumberValue(connection.Session?.Id ?? 0);
                yield return default;
            }

            json.Writer.WriteEndArray();
        }

        json.Writer.WriteEndObject();
    }
}
