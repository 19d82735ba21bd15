using System.Text.Json.Nodes;
using Freshet.Coordination.Sessions;

namespace Freshet.Coordination.Admin.Commands;

/// <summary>When sessions expire and which ephemeral znodes they own.</summary>
internal static class SessionCommands
{
    public static JsonObject Dump(CoordinationServer server)
    {
        var deadlines = new JsonObject();
        foreach ((long deadline, IReadOnlyCollection<Session> sessions) in server.Expiry.Buckets)
        {
            deadlines[$"{deadline}"] = new JsonArray([.. sessions.Select(session => JsonValue.Create(session.Id))]);
        }

        var ephemerals = new JsonObject();
        foreach (long owner in server.State.Tree.Ephemerals.Owners)
        {
            ephemerals[$"{owner}"] = new JsonArray([.. server.State.Tree.Ephemerals.PathsOf(owner).Select(path => JsonValue.Create(path))]);
        }

        return new JsonObject { ["expiry_time_to_session_ids"] = deadlines, ["session_id_to_ephemeral_paths"] = ephemerals };
    }
}
