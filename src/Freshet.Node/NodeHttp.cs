using System.Net;
using Freshet.Coordination;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Freshet.Node;

/// <summary>
/// The node's HTTP pages: <c>/health</c> tells the addresses of the services that run, <c>/commands</c> are the admin commands of the
/// coordination server. They ask for no permission, so they listen on this machine unless told otherwise.
/// </summary>
internal sealed class NodeHttp : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly FreshetNode _node;
    private readonly CoordinationService? _coordination;
    private readonly bool _isLocal;

    private NodeHttp(WebApplication application, FreshetNode node, CoordinationService? coordination, bool isLocal)
    {
        (_application, _node, _coordination, _isLocal) = (application, node, coordination, isLocal);
        application.Run(ServeAsync);
    }

    /// <summary>Where the pages are.</summary>
    public Uri Address { get; private set; } = null!;

    public static async ValueTask<NodeHttp> StartAsync(
        IPEndPoint endpoint, FreshetNode node, CoordinationService? coordination, CancellationToken cancellation)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        ListenOptions? bound = null;
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(endpoint, listen => bound = listen));
        var pages = new NodeHttp(builder.Build(), node, coordination, IPAddress.IsLoopback(endpoint.Address));
        try
        {
            await pages._application.StartAsync(cancellation).ConfigureAwait(false);
        }
        catch
        {
            await pages.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        pages.Address = new Uri($"http://{bound!.IPEndPoint}/");
        return pages;
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private Task ServeAsync(HttpContext context)
    {
        PathString path = context.Request.Path;
        if (_isLocal && !NamesThisMachine(context.Request.Host.Host))
        {
            return RefuseAsync(context, StatusCodes.Status421MisdirectedRequest);
        }

        if (path == "/health")
        {
            return context.Response.WriteAsJsonAsync(new { status = "ok", coordination = _node.CoordinationConnectString, kafka = _node.BootstrapServers });
        }

        return _coordination is not null && path.StartsWithSegments("/commands", out PathString command)
            ? _coordination.ServeAdminAsync(context, command.Value!.Trim('/'))
            : RefuseAsync(context, StatusCodes.Status404NotFound);
    }

    /// <summary>A page elsewhere may give its own name this machine's address, and a browser here would then read us for it.</summary>
    private static bool NamesThisMachine(string host) => host == "localhost" || IPAddress.TryParse(host, out _);

    private static Task RefuseAsync(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }
}
