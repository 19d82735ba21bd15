using System.Text.Json.Nodes;
using Freshet.Coordination.Connections;

namespace Freshet.Coordination.Admin.Commands;

/// <summary>The connections that carry a session.</summary>
internal static class ConnectionCommands
{
    public static IEnumerable<Pause> Connections(CoordinationServer server, BoundedJson json) =>
        List(server, json, "connections", secure: false).Concat(List(server, json, "secure_connections", secure: true));

    public static JsonObject Reset(CoordinationServer server)
    {
        foreach (ClientConnection connection in server.Connections)
        {
            connection.Statistics.Reset();
        }

        return [];
    }

    private static IEnumerable<Pause> List(CoordinationServer server, BoundedJson json, string name, bool secure)
    {
        json.Writer.WriteStartArray(name);
        IEnumerable<ClientConnection> all = server.Connections.Where(connection => connection.Session is not null && connection.IsSecure == secure);
        foreach (ClientConnection connection in json.Copy(all).TakeWhile(_ => !json.IsFull))
        {
            Describe(connection).WriteTo(json.Writer);
            yield return default;
        }

        json.Writer.WriteEndArray();
    }

    private static JsonObject Describe(ClientConnection connection)
    {
        ConnectionStatistics figures = connection.Statistics;
        return new JsonObject
        {
            ["remote_socket_address"] = connection.RemoteAddress,
            ["interest_ops"] = connection.IsClosing ? 0 : 1,
            ["outstanding_requests"] = connection.Waiting.Count,
            ["packets_received"] = figures.PacketsReceived,
            ["packets_sent"] = figures.PacketsSent,
            ["session_id"] = connection.Session!.Id,
            ["last_operation"] = OperationName.Of(figures.LastRequest.Type),
            ["established"] = connection.EstablishedAt.ToUnixTimeMilliseconds(),
            ["session_timeout"] = connection.Session.Timeout,
            ["last_cxid"] = figures.LastRequest.Xid,
            ["last_zxid"] = figures.LastZxid,
            ["last_response_time"] = figures.LastResponseAt,
            ["last_latency"] = figures.LastLatencyMs,
            ["min_latency"] = figures.Latency.MinMs,
            ["avg_latency"] = (long)figures.Latency.AverageMs,
            ["max_latency"] = figures.Latency.MaxMs,
        };
    }
}
