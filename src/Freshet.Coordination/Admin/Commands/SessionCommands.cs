using System.Globalization;

namespace Freshet.Coordination.Admin.Commands;

/// <summary>When sessions expire and which ephemeral znodes they own.</summary>
internal static class SessionCommands
{
    public static IEnumerable<Pause> Dump(CoordinationServer server, BoundedJson json) => Deadlines(server, json).Concat(Ephemerals(server, json));

    private static IEnumerable<Pause> Deadlines(CoordinationServer server, BoundedJson json)
    {
        json.Writer.WriteStartObject("expiry_time_to_session_ids");
        // All at once: while the answer pauses sessions move from one deadline to another.
        (long Deadline, long Session)[] all = json.Copy(server.Expiry.Buckets.SelectMany(bucket => bucket.Sessions, (bucket, session) => (bucket.Deadline, session.Id)));
        foreach (IGrouping<long, (long Deadline, long Session)> bucket in all.GroupBy(entry => entry.Deadline).TakeWhile(_ => !json.IsFull))
        {
            json.Writer.WriteStartArray(Name(bucket.Key));
            foreach ((_, long session) in bucket.TakeWhile(_ => !json.IsFull))
            {
                json.Writer.WriteNumberValue(session);
                yield return default;
            }

            json.Writer.WriteEndArray();
        }

        json.Writer.WriteEndObject();
    }

    private static IEnumerable<Pause> Ephemerals(CoordinationServer server, BoundedJson json)
    {
        json.Writer.WriteStartObject("session_id_to_ephemeral_paths");
        foreach (long owner in json.Copy(server.State.Tree.Ephemerals.Owners).TakeWhile(_ => !json.IsFull))
        {
            json.Writer.WriteStartArray(Name(owner));
            foreach (string path in json.Copy(server.State.Tree.Ephemerals.PathsOf(owner)).TakeWhile(_ => !json.IsFull))
            {
                json.Writer.WriteStringValue(path);
                yield return default;
            }

            json.Writer.WriteEndArray();
        }

        json.Writer.WriteEndObject();
    }

    private static string Name(long number) => number.ToString(CultureInfo.InvariantCulture);
}
