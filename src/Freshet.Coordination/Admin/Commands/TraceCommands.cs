using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Freshet.Coordination.Admin.Commands;

/// <summary>The trace mask, which is kept for those who set it.</summary>
internal static class TraceCommands
{
    public static JsonObject Get(CoordinationServer server) => new() { ["tracemask"] = server.TraceMask };

    public static IEnumerable<Pause> Set(CoordinationServer server, IQueryCollection query, BoundedJson json)
    {
        if (long.TryParse(query["traceMask"], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long mask))
        {
            server.TraceMask = mask;
            json.Write(Get(server));
        }
        else
        {
            json.Error = "set_trace_mask needs ?traceMask= with a whole number";
        }

        return [];
    }
}
