using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Freshet.Node;

/// <summary>The node's HTTP page: <c>GET /health</c> answers with the addresses of the services that run.</summary>
internal sealed class NodeHealthPage : IAsyncDisposable
{
    private readonly WebApplication _application;

    private NodeHealthPage(WebApplication application, Uri address)
    {
        _application = application;
        Address = address;
    }

    public Uri Address { get; }

    public static async ValueTask<NodeHealthPage> StartAsync(IPEndPoint endpoint, FreshetNode node, CancellationToken cancellation)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        ListenOptions? bound = null;
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(endpoint, listen => bound = listen));
        WebApplication application = builder.Build();
        application.Run(context => context.Request.Path == "/health"
            ? context.Response.WriteAsJsonAsync(new { status = "ok", coordination = node.CoordinationConnectString, kafka = node.BootstrapServers })
            : NotFoundAsync(context));
        await application.StartAsync(cancellation).ConfigureAwait(false);
        return new NodeHealthPage(application, new Uri($"http://{endpoint.Address}:{bound!.IPEndPoint!.Port}/"));
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private static Task NotFoundAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}
