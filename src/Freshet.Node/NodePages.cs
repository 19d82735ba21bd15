using Freshet.Broker;
using Freshet.Coordination;
using Microsoft.AspNetCore.Http;

namespace Freshet.Node;

/// <summary>
/// The node's HTTP pages: <c>/health</c> tells the addresses of the services that run, <c>/commands</c> are the admin commands of the
/// coordination server, <c>/metrics</c> the services' figures for Prometheus.
/// </summary>
internal sealed class NodePages(FreshetNode node, CoordinationService? coordination, BrokerService? broker) : IAsyncDisposable
{
    private readonly MetricsText _metrics = new([.. new object?[] { coordination, broker }.OfType<object>()]);

    /// <summary>Every page.</summary>
    public Task ServeAsync(HttpContext context)
    {
        PathString path = context.Request.Path;
        if (path == "/health")
        {
            return context.Response.WriteAsJsonAsync(new { status = "ok", coordination = node.CoordinationConnectString, kafka = node.BootstrapServers });
        }

        return coordination is not null && path.StartsWithSegments("/commands", out PathString command)
            ? coordination.ServeAdminAsync(context, command.Value!.Trim('/'))
            : ServeMetricsAsync(context);
    }

    /// <summary>The metrics and nothing else, for a port of their own.</summary>
    public Task ServeMetricsAsync(HttpContext context)
    {
        if (context.Request.Path != "/metrics")
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        context.Response.ContentType = MetricsText.ContentType;
        return context.Response.WriteAsync(_metrics.Read());
    }

    public ValueTask DisposeAsync()
    {
        _metrics.Dispose();
        return ValueTask.CompletedTask;
    }
}
