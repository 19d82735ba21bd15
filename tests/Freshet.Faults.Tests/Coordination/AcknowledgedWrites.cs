using System.Collections.Concurrent;
using System.Text;
using Freshet.Coordination.Client;

namespace Freshet.Faults.Tests.Coordination;

/// <summary>Writes to a coordination service that will fail, and later finds everything it acknowledged.</summary>
internal sealed class AcknowledgedWrites : IDisposable
{
    private const int Writers = 8;

    private readonly ConcurrentBag<(string Path, string Data)> _acknowledged = [];
    private readonly SemaphoreSlim _more = new(0);
    private volatile bool _counts = true;

    public int Count => _acknowledged.Count;

    public void Dispose() => _more.Dispose();

    /// <summary>Starts writers that go on until the service fails them.</summary>
    /// <param name="prefix">Of the paths they create; another one for each call.</param>
    public Task WriteUntilFailedAsync(string address, string prefix)
    {
        _counts = true;
        return Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => WriteAsync(address, $"{prefix}-{writer}")));
    }

    /// <summary>What is acknowledged from now on does not count, until writers start again.</summary>
    public void StopCounting() => _counts = false;

    /// <summary>Waits until so many more writes are acknowledged.</summary>
    public async Task HaveMoreAsync(int count)
    {
        for (int seen = 0; seen < count; seen++)
        {
            Assert.True(await _more.WaitAsync(TimeSpan.FromSeconds(60)), "The server stopped acknowledging writes before it was to fail.");
        }
    }

    public async Task AssertAllThereAsync(string address)
    {
        await using CoordinationClient client = await CoordinationClient.ConnectAsync(new CoordinationClientOptions { ConnectString = address });
        ZnodeData[] found = await Task.WhenAll(_acknowledged.Select(write => client.GetDataAsync(write.Path).AsTask()));
        Assert.All(found.Zip(_acknowledged), pair => Assert.Equal(pair.Second.Data, Encoding.UTF8.GetString(pair.First.Data!)));
    }

    private async Task WriteAsync(string address, string prefix)
    {
        try
        {
            await using CoordinationClient client = await CoordinationClient.ConnectAsync(new CoordinationClientOptions { ConnectString = address });
            for (int i = 0; ; i++)
            {
                string path = await client.CreateAsync($"{prefix}-{i}", "created"u8.ToArray());
                await client.SetDataAsync(path, "set"u8.ToArray());
                if (_counts)
                {
                    _acknowledged.Add((path, "set"));
                    _more.Release();
                }
            }
        }
        catch (CoordinationException)
        {
            // The service failed; what was not acknowledged may or may not be there.
        }
    }
}
