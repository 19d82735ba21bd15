using System.Text.Json.Nodes;

namespace Freshet.Coordination.Admin.Commands;

/// <summary>The commands of the admin pages, under ZooKeeper's names.</summary>
internal static class AdminCommands
{
    public static IReadOnlyList<AdminCommand> All { get; } =
    [
        new("configuration", ["conf", "config"], ServerCommands.Configuration),
        new("connection_stat_reset", ["crst"], ConnectionCommands.Reset),
        new("connections", ["cons"], ConnectionCommands.Connections),
        new("dirs", [], ServerCommands.Dirs),
        new("dump", [], SessionCommands.Dump),
        new("environment", ["env", "envi"], ServerCommands.Environment),
        new("get_trace_mask", ["gtmk"], TraceCommands.Get),
        new("hash", [], ServerCommands.Hash),
        new("is_read_only", ["isro"], server => new JsonObject { ["read_only"] = server.Writes.IsFull }),
        new("last_snapshot", ["lsnp"], ServerCommands.LastSnapshot),
        new("monitor", ["mntr"], StatusCommands.Monitor),
        new("ruok", [], _ => []),
        new("server_stats", ["srvr"], StatusCommands.ServerStats),
        new("set_trace_mask", ["stmk"], TraceCommands.Set),
        new("stat_reset", ["srst"], StatusCommands.Reset),
        new("stats", ["stat"], StatusCommands.Stats),
        new("watch_summary", ["wchs"], WatchCommands.Summary),
        new("watches", ["wchc"], WatchCommands.BySession),
        new("watches_by_path", ["wchp"], WatchCommands.ByPath),
    ];

    private static readonly Dictionary<string, AdminCommand> ByName =
        All.SelectMany(command => command.Aliases.Append(command.Name).Select(name => (name, command))).ToDictionary();

    public static AdminCommand? Find(string name) => ByName.GetValueOrDefault(name);
}
