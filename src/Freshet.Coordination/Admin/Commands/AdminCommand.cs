using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Freshet.Coordination.Admin.Commands;

/// <summary>A command of the admin pages.</summary>
/// <param name="Name">Its full name.</param>
/// <param name="Aliases">Its short names.</param>
/// <param name="Answer">Writes its fields; goes on in sequence, and may be left at each <see cref="Pause"/>.</param>
internal sealed record AdminCommand(string Name, string[] Aliases, Func<CoordinationServer, IQueryCollection, BoundedJson, IEnumerable<Pause>> Answer)
{
    /// <summary>A command that may list a great many things.</summary>
    public AdminCommand(string name, string[] aliases, Func<CoordinationServer, BoundedJson, IEnumerable<Pause>> answer)
        : this(name, aliases, (server, _, json) => answer(server, json))
    {
    }

    /// <summary>A command with a short answer.</summary>
    public AdminCommand(string name, string[] aliases, Func<CoordinationServer, JsonObject> answer)
        : this(name, aliases, (server, _, json) => Short(json, answer(server)))
    {
    }

    private static IEnumerable<Pause> Short(BoundedJson json, JsonObject fields)
    {
        json.Write(fields);
        return [];
    }
}
