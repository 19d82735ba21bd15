using System.Globalization;
using System.Text.Json.Nodes;
using Freshet.Coordination.Tree;
using Freshet.Storage.Snapshots;

namespace Freshet.Coordination.Admin.Commands;

/// <summary>How the server is set up, what it runs on, and its files.</summary>
internal static class ServerCommands
{
    public static JsonObject Configuration(CoordinationServer server) =>
        new(ServerConfiguration.Of(server).Select(entry => KeyValuePair.Create<string, JsonNode?>(entry.Json, Value(entry.Value))));

    public static JsonObject Environment(CoordinationServer server) =>
        new(ServerEnvironment.Of(server).Select(entry => KeyValuePair.Create<string, JsonNode?>(entry.Key, entry.Value)));

    public static JsonObject Dirs(CoordinationServer server) => new()
    {
        ["datadir_size"] = ServerConfiguration.DataSize(server),
        ["logdir_size"] = ServerConfiguration.JournalSize(server),
    };

    /// <summary>The tree's digest at every 128th zxid; as in ZooKeeper the list is empty when none is kept.</summary>
    public static JsonObject Hash(CoordinationServer server) => new()
    {
        ["digests"] = new JsonArray([.. server.State.Digests.Entries.Select(entry =>
            new JsonObject { ["zxid"] = entry.Zxid, ["digest"] = entry.Digest, ["digest_version"] = TreeDigest.Version })]),
    };

    public static JsonObject LastSnapshot(CoordinationServer server)
    {
        (long zxid, string path) = SnapshotFile.List(server.Options.DataDirectory).FirstOrDefault((-1, ""));
        long seconds = path.Length == 0 ? -1 : new DateTimeOffset(File.GetLastWriteTimeUtc(path)).ToUnixTimeSeconds();
        return new JsonObject { ["zxid"] = zxid.ToString(zxid < 0 ? "d" : "x", CultureInfo.InvariantCulture), ["timestamp"] = seconds };
    }

    private static JsonValue Value(object value) => value switch
    {
        int number => JsonValue.Create(number),
        long number => JsonValue.Create(number),
        _ => JsonValue.Create($"{value}"),
    };
}
