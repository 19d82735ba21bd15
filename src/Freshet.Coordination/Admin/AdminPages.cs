using System.Net.Mime;
using Freshet.Coordination.Admin.Commands;
using Freshet.Coordination.Connections;
using Microsoft.AspNetCore.Http;

namespace Freshet.Coordination.Admin;

/// <summary>The admin commands over HTTP: <c>/commands</c> lists them, <c>/commands/NAME</c> answers one as JSON.</summary>
internal sealed class AdminPages(CoordinationServer server)
{
    /// <summary>As in ZooKeeper the status is always 200, and a failure stands in the field <c>error</c>.</summary>
    public Task ServeAsync(HttpContext context, string name) => name.Length == 0 ? ListAsync(context) : AnswerAsync(context, name);

    private static Task ListAsync(HttpContext context)
    {
        context.Response.ContentType = MediaTypeNames.Text.Html;
        return context.Response.WriteAsync(string.Join("<br/>\n", AdminCommands.All.Select(command => $"<a href=\"/commands/{command.Name}\">{command.Name}</a>")));
    }

    private async Task AnswerAsync(HttpContext context, string name)
    {
        using var json = new BoundedJson(server.Options.MaxAdminAnswerBytes);
        context.Response.ContentType = MediaTypeNames.Application.Json;
        json.Writer.WriteStartObject();
        if (AdminCommands.Find(name) is AdminCommand command)
        {
            await RunAsync(command, context, json).ConfigureAwait(false);
        }
        else
        {
            json.Error = $"Unknown command: {name}";
            json.End(name);
        }

        await SendAsync(context, json).ConfigureAwait(false);
    }

    /// <summary>Has the command write piece by piece in sequence; between them the server goes on, and the client receives the last.</summary>
    private async Task RunAsync(AdminCommand command, HttpContext context, BoundedJson json)
    {
        IEnumerator<Pause>? answer = null;
        bool isOver = false;
        while (!isOver)
        {
            var piece = new SequencedAction(() =>
            {
                answer ??= Begin(command, context.Request.Query, json).GetEnumerator();
                while (!json.HasPiece && !isOver)
                {
                    isOver = !answer.MoveNext();
                }
            });
            server.Sequencer.PostAside(piece);
            await piece.Done.ConfigureAwait(false);
            await SendAsync(context, json).ConfigureAwait(false);
        }

        answer?.Dispose();
        json.End(command.Name);
    }

    private IEnumerable<Pause> Begin(AdminCommand command, IQueryCollection query, BoundedJson json)
    {
        if (server.IsServing || command.Name == "ruok")
        {
            return command.Answer(server, query, json);
        }

        json.Error = "This ZooKeeper instance is not currently serving requests";
        return [];
    }

    private static async ValueTask SendAsync(HttpContext context, BoundedJson json) =>
        await context.Response.BodyWriter.WriteAsync(json.TakePiece(), context.RequestAborted).ConfigureAwait(false);
}
