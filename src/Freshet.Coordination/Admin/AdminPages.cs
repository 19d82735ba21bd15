using System.Net.Mime;
using System.Text.Json;
using System.Text.Json.Nodes;
using Freshet.Coordination.Admin.Commands;
using Freshet.Coordination.Connections;
using Microsoft.AspNetCore.Http;

namespace Freshet.Coordination.Admin;

/// <summary>The admin commands over HTTP: <c>/commands</c> lists them, <c>/commands/NAME</c> answers one as JSON.</summary>
internal sealed class AdminPages(CoordinationServer server)
{
    private static readonly JsonWriterOptions Layout = new() { Indented = true };

    /// <summary>As in ZooKeeper the status is always 200, and a failure stands in the field <c>error</c>.</summary>
    public Task ServeAsync(HttpContext context, string name) => name.Length == 0 ? ListAsync(context) : AnswerAsync(context, name);

    private static Task ListAsync(HttpContext context)
    {
        context.Response.ContentType = MediaTypeNames.Text.Html;
        return context.Response.WriteAsync(string.Join("<br/>\n", AdminCommands.All.Select(command => $"<a href=\"/commands/{command.Name}\">{command.Name}</a>")));
    }

    private async Task AnswerAsync(HttpContext context, string name)
    {
        JsonObject answer = AdminCommands.Find(name) is AdminCommand command
            ? await RunAsync(command, context.Request.Query).ConfigureAwait(false)
            : new JsonObject { ["command"] = name, ["error"] = $"Unknown command: {name}" };
        context.Response.ContentType = MediaTypeNames.Application.Json;
        using var writer = new Utf8JsonWriter(context.Response.BodyWriter, Layout);
        answer.WriteTo(writer);
        await writer.FlushAsync(context.RequestAborted).ConfigureAwait(false);
    }

    private async Task<JsonObject> RunAsync(AdminCommand command, IQueryCollection query)
    {
        JsonObject fields = [];
        var inSequence = new SequencedAction(() => fields = server.IsServing || command.Name == "ruok"
            ? command.Answer(server, query)
            : new JsonObject { ["error"] = "This ZooKeeper instance is not currently serving requests" });
        server.Sequencer.PostAside(inSequence);
        await inSequence.Done.ConfigureAwait(false);
        fields["command"] = command.Name;
        fields.TryAdd("error", null);
        return fields;
    }
}
