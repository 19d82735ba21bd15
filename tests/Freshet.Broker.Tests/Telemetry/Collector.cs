using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Freshet.Broker.Tests.Telemetry;

/// <summary>Takes metrics by HTTP as an OpenTelemetry collector does, and keeps them.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly Channel<(string Path, string? Type, byte[] Body)> _requests = Channel.CreateUnbounded<(string, string?, byte[])>();
    private readonly WebApplication _site;
    private int _status = StatusCodes.Status200OK;

    private Collector(WebApplication site) => _site = site;

    public Uri Address => new(_site.Urls.First());

    /// <summary>What the next request alone is answered with.</summary>
    public void FailOnce(int status) => Volatile.Write(ref _status, status);

    public static async Task<Collector> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        WebApplication site = builder.Build();
        var collector = new Collector(site);
        site.Run(collector.TakeAsync);
        await site.StartAsync();
        return collector;
    }

    public async Task<(string Path, string? Type, byte[] Body)> NextAsync()
    {
        using var patience = new CancellationTokenSource(KafkaClients.Patience);
        return await _requests.Reader.ReadAsync(patience.Token);
    }

    public async ValueTask DisposeAsync() => await _site.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        context.Response.StatusCode = Interlocked.Exchange(ref _status, StatusCodes.Status200OK);
        _requests.Writer.TryWrite((context.Request.Path, context.Request.ContentType, body.ToArray()));
    }
}
