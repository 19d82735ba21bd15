using Freshet.Coordination.Client;
using Freshet.Protocol.Jute;

namespace Freshet.Conformance.Tests.Coordination;

/// <summary>A case with a path of its own on a server, and clients that are closed when it is over.</summary>
public abstract class ConformanceCase : IAsyncLifetime
{
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly List<IAsyncDisposable> _open = [];

    protected abstract string ConnectString { get; }

    /// <summary>Where the case plays; nothing is there yet.</summary>
    protected string Root { get; } = $"/case-{Guid.NewGuid():N}";

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable open in Enumerable.Reverse(_open))
        {
            await open.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    protected string At(string name) => $"{Root}/{name}";

    protected async Task<CoordinationClient> ConnectAsync(string? address = null, TimeSpan? sessionTimeout = null)
    {
        CoordinationClient client = await CoordinationClient.ConnectAsync(
            new CoordinationClientOptions { ConnectString = address ?? ConnectString, SessionTimeout = sessionTimeout ?? TimeSpan.FromSeconds(20) });
        lock (_open)
        {
            _open.Add(client);
        }

        return client;
    }

    /// <summary>Waits until the children of <see cref="Root"/>, or of a znode below it, are as wanted.</summary>
    protected async Task ChildrenAsync(CoordinationClient client, Func<IReadOnlyList<string>, bool> wanted, string? path = null)
    {
        using var deadline = new CancellationTokenSource(Patience);
        await foreach (ZnodeChildren? children in client.WatchChildrenAsync(path ?? Root, deadline.Token))
        {
            if (wanted(children?.Names ?? []))
            {
                return;
            }
        }
    }

    protected static async Task CancelledAsync(CancellationToken token)
    {
        var cancelled = new TaskCompletionSource();
        await using (token.Register(cancelled.SetResult))
        {
            await cancelled.Task.WaitAsync(Patience, CancellationToken.None);
        }
    }

    protected static async Task<ErrorCode> RefusalAsync(Func<Task> operation) => (await Assert.ThrowsAsync<CoordinationException>(operation)).Error;

    protected static async Task StateAsync(CoordinationClient client, ConnectionState wanted)
    {
        using var deadline = new CancellationTokenSource(Patience);
        await foreach (ConnectionState state in client.StatesAsync(deadline.Token))
        {
            if (state == wanted)
            {
                return;
            }
        }

        Assert.Fail($"The session ended as {client.State} before it was {wanted}.");
    }
}
