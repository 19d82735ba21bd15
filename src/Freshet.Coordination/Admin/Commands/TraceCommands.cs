using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Freshet.Coordination.Admin.Commands;

/// <summary>The trace mask, which is kept for those who set it.</summary>
internal static class TraceCommands
{
    public static JsonObject Get(CoordinationServer server) => new() { ["tracemask"] = server.TraceMask };

    public static JsonObject Set(CoordinationServer server, IQueryCollection query)
    {
        if (!long.TryParse(query["traceMask"], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long mask))
        {
            return new JsonObject { ["error"] = "set_trace_mask needs ?traceMask= with a whole number" };
        }

        server.TraceMask = mask;
        return Get(server);
    }
}
