using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Freshet.Node;

/// <summary>One HTTP port of the node. Its pages ask for no permission, so it is meant for this machine.</summary>
internal sealed class NodeHttp : IAsyncDisposable
{
    private readonly WebApplication _application;

    private NodeHttp(WebApplication application) => _application = application;

    /// <summary>Where the pages are.</summary>
    public Uri Address { get; private set; } = null!;

    public static async ValueTask<NodeHttp> StartAsync(IPEndPoint endpoint, RequestDelegate pages, CancellationToken cancellation)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        ListenOptions? bound = null;
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(endpoint, listen => bound = listen));
        WebApplication application = builder.Build();
        application.Run(IPAddress.IsLoopback(endpoint.Address) ? context => ServeThisMachineAsync(context, pages) : pages);
        var http = new NodeHttp(application);
        try
        {
            await application.StartAsync(cancellation).ConfigureAwait(false);
        }
        catch
        {
            await http.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        http.Address = new Uri($"http://{bound!.IPEndPoint}/");
        return http;
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    /// <summary>A page elsewhere may give its own name this machine's address, and a browser here would then read us for it.</summary>
    private static Task ServeThisMachineAsync(HttpContext context, RequestDelegate pages)
    {
        string host = context.Request.Host.Host;
        if (host == "localhost" || IPAddress.TryParse(host, out _))
        {
            return pages(context);
        }

        context.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
        return Task.CompletedTask;
    }
}
