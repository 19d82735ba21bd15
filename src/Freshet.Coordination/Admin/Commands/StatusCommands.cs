using System.Text.Json.Nodes;

namespace Freshet.Coordination.Admin.Commands;

/// <summary>The state of the server in figures.</summary>
internal static class StatusCommands
{
    public static JsonObject Monitor(CoordinationServer server)
    {
        var fields = new JsonObject { ["version"] = server.Options.ReportedVersion, ["server_state"] = server.StateName };
        foreach (MonitoredValue value in MonitoredValues.All)
        {
            fields[value.Name] = Number(value, server);
        }

        return fields;
    }

    public static JsonObject ServerStats(CoordinationServer server) => new()
    {
        ["version"] = server.Options.ReportedVersion,
        ["read_only"] = server.Writes.IsFull,
        ["server_stats"] = Figures(server),
        ["client_response"] = Responses(server),
        ["node_count"] = server.State.Tree.Count,
    };

    public static IEnumerable<Pause> Stats(CoordinationServer server, BoundedJson json)
    {
        json.Write(ServerStats(server));
        return ConnectionCommands.Connections(server, json);
    }

    public static JsonObject Reset(CoordinationServer server)
    {
        server.Statistics.Reset();
        return [];
    }

    private static JsonValue Number(MonitoredValue value, CoordinationServer server) =>
        value.Kind == MonitoredKind.Fraction ? JsonValue.Create(value.Read(server)) : JsonValue.Create((long)value.Read(server));

    private static JsonObject Figures(CoordinationServer server)
    {
        ServerStatistics statistics = server.Statistics;
        return new JsonObject
        {
            ["packets_sent"] = statistics.PacketsSent,
            ["packets_received"] = statistics.PacketsReceived,
            ["client_response_stats"] = Responses(server),
            ["data_dir_size"] = ServerConfiguration.DataSize(server),
            ["log_dir_size"] = ServerConfiguration.JournalSize(server),
            ["last_processed_zxid"] = server.State.LastZxid,
            ["outstanding_requests"] = server.OutstandingRequests,
            ["server_state"] = server.StateName,
            ["avg_latency"] = statistics.Latency.AverageMs,
            ["max_latency"] = statistics.Latency.MaxMs,
            ["min_latency"] = statistics.Latency.MinMs,
            ["num_alive_client_connections"] = server.Connections.Count,
            ["uptime"] = server.Clock.Now,
        };
    }

    private static JsonObject Responses(CoordinationServer server) => new()
    {
        ["last_buffer_size"] = server.Statistics.Responses.Last,
        ["min_buffer_size"] = server.Statistics.Responses.Min,
        ["max_buffer_size"] = server.Statistics.Responses.Max,
    };
}
