using System.Net;
using Freshet.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Freshet.Coordination.Tests.Wire;

/// <summary>One coordination server on a free port, with options and a clock of the test's own. Its data outlives it.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly CoordinationService _service;
    private readonly WebApplication _listener;

    private TestServer(CoordinationService service, WebApplication listener, FakeTimeProvider time, string address) =>
        (_service, _listener, Time, Address) = (service, listener, time, address);

    public FakeTimeProvider Time { get; }

    public string Address { get; }

    /// <param name="configure">Changes the options before the start.</param>
    /// <param name="listen">Changes how the port is listened on: TLS, for one.</param>
    public static async Task<TestServer> StartAsync(
        TemporaryFolder folder, Action<CoordinationOptions>? configure = null, Action<ListenOptions>? listen = null, ILoggerFactory? loggers = null)
    {
        var options = new CoordinationOptions { DataDirectory = folder.Path, ForceSync = false };
        configure?.Invoke(options);
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(50));
        CoordinationService service = await CoordinationService.StartAsync(options, loggers ?? NullLoggerFactory.Instance, time);
        ListenOptions? endpoint = null;
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, port =>
        {
            endpoint = port;
            listen?.Invoke(port);
            port.Run(service.ServeAsync);
        }));
        WebApplication listener = builder.Build();
        await listener.StartAsync();
        return new TestServer(service, listener, time, endpoint!.IPEndPoint!.ToString());
    }

    /// <summary>Lets this much time pass, in the server's ticks; <paramref name="client"/> keeps its session and sees them handled.</summary>
    public async Task PassAsync(TimeSpan time, RawClient client)
    {
        var tick = TimeSpan.FromSeconds(2);
        for (TimeSpan left = time; left > TimeSpan.Zero; left -= tick)
        {
            Time.Advance(left < tick ? left : tick);
            await client.PingAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _listener.StopAsync(now.Token);
        await _listener.DisposeAsync();
    }
}
