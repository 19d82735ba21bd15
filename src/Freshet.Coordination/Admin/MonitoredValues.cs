namespace Freshet.Coordination.Admin;

/// <summary>The figures that monitoring reads, under ZooKeeper's names, so that existing dashboards show them.</summary>
internal static class MonitoredValues
{
    public static IReadOnlyList<MonitoredValue> All { get; } =
    [
        Fraction("avg_latency", "Mean milliseconds from a request to its answer", server => server.Statistics.Latency.AverageMs),
        Gauge("max_latency", "Most milliseconds from a request to its answer", server => server.Statistics.Latency.MaxMs),
        Gauge("min_latency", "Least milliseconds from a request to its answer", server => server.Statistics.Latency.MinMs),
        Counter("packets_received", "Packets received", server => server.Statistics.PacketsReceived),
        Counter("packets_sent", "Packets sent", server => server.Statistics.PacketsSent),
        Gauge("num_alive_connections", "Open connections", server => server.Connections.Count),
        Gauge("outstanding_requests", "Writes that are not answered yet", server => server.OutstandingRequests),
        Gauge("znode_count", "Znodes", server => server.State.Tree.Count),
        Gauge("approximate_data_size", "Bytes of all paths and data", server => server.State.Tree.ApproximateDataSize),
        Gauge("watch_count", "Watches", server => server.Watches.Count),
        Gauge("ephemerals_count", "Ephemeral znodes", server => server.State.Tree.Ephemerals.Count),
        Gauge("global_sessions", "Open sessions", server => server.State.Sessions.Count),
        Gauge("local_sessions", "Open sessions that are not logged", _ => 0),
        Counter("uptime", "Milliseconds since the start", server => server.Clock.Now),
        Gauge("last_client_response_size", "Bytes of the last reply", server => server.Statistics.Responses.Last),
        Gauge("max_client_response_size", "Bytes of the largest reply", server => server.Statistics.Responses.Max),
        Gauge("min_client_response_size", "Bytes of the smallest reply", server => server.Statistics.Responses.Min),
        Gauge("open_file_descriptor_count", "Open files and sockets of the process; -1 where unknown", _ => FileDescriptors.Open),
        Gauge("max_file_descriptor_count", "Files and sockets the process may open; -1 where unknown", _ => FileDescriptors.Limit),
        Counter("bytes_received_count", "Bytes received", server => server.Statistics.BytesReceived),
        Counter("response_bytes", "Bytes sent", server => server.Statistics.BytesSent),
        Counter("connection_request_count", "Session requests, new and renewed", server => server.Statistics.ConnectionRequests),
        Counter("stale_sessions_expired", "Sessions that expired", server => server.Statistics.SessionsExpired),
        Counter("sessionless_connections_expired", "Connections closed because no session request came", server => server.Statistics.SessionlessExpired),
        .. Latencies("readlatency", "of a read", server => server.Statistics.Reads),
        .. Latencies("updatelatency", "of a write", server => server.Statistics.Updates),
        .. Latencies("fsynctime", "of forcing the journal to disk", server => server.Statistics.Syncs),
    ];

    private static MonitoredValue[] Latencies(string name, string what, Func<CoordinationServer, LatencyRange> read) =>
    [
        Fraction($"avg_{name}", $"Mean milliseconds {what}", server => read(server).AverageMs),
        Gauge($"min_{name}", $"Least milliseconds {what}", server => read(server).MinMs),
        Gauge($"max_{name}", $"Most milliseconds {what}", server => read(server).MaxMs),
        Counter($"cnt_{name}", $"How many times {what} were measured", server => read(server).Count) with { MetricName = $"{name}_count" },
        Counter($"sum_{name}", $"All milliseconds {what}", server => read(server).SumMs) with { MetricName = $"{name}_sum" },
    ];

    private static MonitoredValue Gauge(string name, string description, Func<CoordinationServer, double> read) =>
        new(name, MonitoredKind.Gauge, description, read);

    private static MonitoredValue Fraction(string name, string description, Func<CoordinationServer, double> read) =>
        new(name, MonitoredKind.Fraction, description, read);

    private static MonitoredValue Counter(string name, string description, Func<CoordinationServer, double> read) =>
        new(name, MonitoredKind.Counter, description, read);
}
