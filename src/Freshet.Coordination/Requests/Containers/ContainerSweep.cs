using Freshet.Coordination.Connections;
using Freshet.Coordination.Transactions;
using Freshet.Coordination.Tree;

namespace Freshet.Coordination.Requests.Containers;

/// <summary>
/// Every now and then looks for containers and TTL znodes that are in use no more and removes them, in small slices between
/// requests. Each removal is a transaction of its own, so watches fire as for any delete.
/// </summary>
internal sealed class ContainerSweep : ISequenced, IAsyncDisposable
{
    /// <summary>Znodes looked at in one slice: well under a millisecond of work.</summary>
    private const int SliceZnodes = 1000;

    /// <summary>Removals in one slice, which cost more than looks.</summary>
    private const int SliceRemovals = 100;

    private readonly CoordinationServer _server;
    private readonly ContainerRule _rule;
    private readonly int _removalsPerCheck;
    private readonly ITimer? _timer;
    private Znode[] _candidates = [];
    private int _next;
    private int _removalsLeft;

    public ContainerSweep(CoordinationServer server, TimeProvider time)
    {
        _server = server;
        CoordinationOptions options = server.Options;
        _rule = new ContainerRule((long)options.MaxNeverUsedInterval.TotalMilliseconds);
        TimeSpan interval = options.ContainerCheckInterval;
        _removalsPerCheck = Math.Max(1, (int)(options.MaxContainerRemovalsPerMinute * Math.Min(1, interval.TotalMinutes)));
        if (interval > TimeSpan.Zero)
        {
            _timer = time.CreateTimer(_ => server.Sequencer.PostAside(new SequencedAction(Begin)), null, interval, interval);
        }
    }

    /// <summary>Does one slice and puts the next in line behind whatever clients have sent meanwhile.</summary>
    public void Run()
    {
        if (_server.IsServing && !_server.IsSaturated && !_server.Writes.IsShut)
        {
            RunSlice(_server.Pipeline.Next().Time);
            if (_next < _candidates.Length && _removalsLeft > 0)
            {
                _server.Sequencer.PostAside(this);
                return;
            }
        }

        _candidates = []; // what is left, the next check finds again
    }

    public ValueTask DisposeAsync() => _timer?.DisposeAsync() ?? ValueTask.CompletedTask;

    private void Begin()
    {
        if (_candidates.Length > 0)
        {
            return; // the check before is not over yet
        }

        _candidates = [.. _server.State.Tree.Containers];
        (_next, _removalsLeft) = (0, _removalsPerCheck);
        Run();
    }

    private void RunSlice(long now)
    {
        int removals = Math.Min(SliceRemovals, _removalsLeft);
        for (int end = Math.Min(_candidates.Length, _next + SliceZnodes); _next < end && removals > 0; _next++)
        {
            Znode znode = _candidates[_next];
            if (_rule.IsUnused(PendingZnode.From(znode), now) && _server.Requests.Writes.RemoveUnused(ZnodePath.Of(znode), _rule))
            {
                removals--;
                _removalsLeft--;
            }
        }
    }
}
