using Freshet.Coordination.Client.Watches;
using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Client;

/// <summary>
/// A one-shot watch: pass it to a read, then await <see cref="Fired"/>. It survives reconnects: a change that happened in
/// between fires it when the session is re-attached. It has fired before any reply with newer data completes. Each read takes
/// a new watch.
/// </summary>
public sealed class ZnodeWatch : IDisposable
{
    private readonly TaskCompletionSource<WatchEvent> _fired = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WatchRegistry? _registry;
    private string? _serverPath;

    /// <summary>
    /// Completes with the first change after the read that set the watch. Fails with a <see cref="CoordinationException"/> when
    /// the session ends first. Whoever awaits it may call the client without fear of a deadlock.
    /// </summary>
    public Task<WatchEvent> Fired => _fired.Task;

    /// <summary>Lets the client forget a watch that is no longer awaited. Needless once it has fired.</summary>
    public void Dispose() => _registry?.Remove(_serverPath!, this);

    internal void SetIn(WatchRegistry registry, string serverPath) => (_serverPath, _registry) = (serverPath, registry);

    internal void Fire(WatchEvent change) => _fired.TrySetResult(change);

    internal void Fail(ErrorCode error, string path)
    {
        _fired.TrySetException(new CoordinationException(error, "Watch", path));
        _ = _fired.Task.Exception; // seen: a watch that nobody awaits is no fault
    }
}
