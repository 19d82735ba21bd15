using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Freshet.Coordination.Admin.Commands;

/// <summary>A command of the admin pages.</summary>
/// <param name="Name">Its full name.</param>
/// <param name="Aliases">Its short names.</param>
/// <param name="Answer">Gathers its fields; called in sequence.</param>
internal sealed record AdminCommand(string Name, string[] Aliases, Func<CoordinationServer, IQueryCollection, JsonObject> Answer)
{
    public AdminCommand(string name, string[] aliases, Func<CoordinationServer, JsonObject> answer)
        : this(name, aliases, (server, _) => answer(server))
    {
    }
}
