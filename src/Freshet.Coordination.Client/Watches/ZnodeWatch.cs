using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Client;

/// <summary>
/// A one-shot watch: pass it to a read, then await <see cref="Fired"/>. It survives reconnects: a change that happened in
/// between fires it when the session is re-attached. Each read takes a new watch.
/// </summary>
public sealed class ZnodeWatch
{
    private readonly TaskCompletionSource<WatchEvent> _fired = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>
    /// Completes with the first change after the read that set the watch. Fails with a <see cref="CoordinationException"/> when
    /// the session ends first. Whoever awaits it may call the client without fear of a deadlock.
    /// </summary>
    public Task<WatchEvent> Fired => _fired.Task;

    internal void Fire(WatchEvent change) => _fired.TrySetResult(change);

    internal void Fail(ErrorCode error, string path) => _fired.TrySetException(new CoordinationException(error, "Watch", path));
}
