using Freshet.Tests.Support;

namespace Freshet.Conformance.Tests.Coordination;

/// <summary>Breaks all connections of a proxy every tenth of a second, until disposed.</summary>
internal sealed class Cutting : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _cutting;

    public Cutting(TcpProxy proxy) => _cutting = CutAsync(proxy);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _cutting;
    }

    private async Task CutAsync(TcpProxy proxy)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                proxy.Cut();
            }
        }
        catch (OperationCanceledException)
        {
        }
    }
}
