using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Client.Recipes;

/// <summary>
/// A place in a queue of ephemeral sequential znodes. Who has no place before it that excludes it owns what the queue is for: an
/// exclusive place is excluded by any, a shared one by exclusive ones. Each waits for the last such place only, so that one
/// departure wakes one waiter.
/// </summary>
internal sealed class QueuePlace
{
    private readonly CoordinationClient _client;
    private readonly string _queue;
    private readonly bool _shared;

    private QueuePlace(CoordinationClient client, string queue, bool shared, OwnZnode znode) =>
        (_client, _queue, _shared, Znode) = (client, queue, shared, znode);

    /// <summary>Its znode; the zxid of its creation grows from one place to the next.</summary>
    public OwnZnode Znode { get; }

    /// <summary>Takes a place and waits until nothing excludes it.</summary>
    public static async ValueTask<QueuePlace> ReachFrontAsync(
        CoordinationClient client, string queue, ReadOnlyMemory<byte> data, CancellationToken cancellation, bool shared = false)
    {
        QueuePlace place = await JoinAsync(client, queue, data, cancellation, shared).ConfigureAwait(false);
        await place.LeaveUnlessAsync(() => place.WaitAsync(cancellation)).ConfigureAwait(false);
        return place;
    }

    /// <summary>Takes a place if nothing excludes it at once; null otherwise.</summary>
    public static async ValueTask<QueuePlace?> TryReachFrontAsync(CoordinationClient client, string queue, CancellationToken cancellation, bool shared = false)
    {
        QueuePlace place = await JoinAsync(client, queue, default, cancellation, shared).ConfigureAwait(false);
        bool first = await place.LeaveUnlessAsync(async () => await place.BlockerAsync(cancellation).ConfigureAwait(false) is null).ConfigureAwait(false);
        return first ? place : null;
    }

    /// <summary>Takes a place. When cancelled it leaves nothing behind.</summary>
    public static async ValueTask<QueuePlace> JoinAsync(
        CoordinationClient client, string queue, ReadOnlyMemory<byte> data, CancellationToken cancellation, bool shared = false)
    {
        cancellation.ThrowIfCancellationRequested();
        Task<CreatedZnode?> creating = QueuePlaceCreation.CreateAsync(client, queue, data, shared);
        return new QueuePlace(client, queue, shared, (await OwnZnode.CreatedAsync(client, creating, cancellation).ConfigureAwait(false))!);
    }

    /// <summary>The places before this one, first to last.</summary>
    /// <param name="change">Fires when a place is taken or given up after this read.</param>
    /// <exception cref="CoordinationException"><see cref="ErrorCode.NoNode"/>: somebody deleted this place.</exception>
    public async ValueTask<IReadOnlyList<QueueName>> BeforeAsync(ZnodeWatch? change, CancellationToken cancellation)
    {
        ZnodeChildren children = await UntilAnswered.RepeatAsync(
            _client, () => _client.GetChildrenAsync(_queue, change, cancellation), cancellation).ConfigureAwait(false);
        List<QueueName> places = [.. QueueName.InOrder(children.Names)];
        int own = places.FindIndex(place => place.Text == Znode.Name);
        return own >= 0 ? places[..own] : throw new CoordinationException(ErrorCode.NoNode, "Wait in the queue", Znode.Path);
    }

    /// <summary>Leaves the queue when the condition is false or throws.</summary>
    /// <returns>The condition.</returns>
    public async ValueTask<bool> LeaveUnlessAsync(Func<ValueTask<bool>> condition)
    {
        bool stays = false;
        try
        {
            stays = await condition().ConfigureAwait(false);
            return stays;
        }
        finally
        {
            if (!stays)
            {
                await LeaveAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>Gives the place up.</summary>
    public ValueTask LeaveAsync() => Znode.DeleteAsync();

    /// <returns>True, once nothing excludes this place.</returns>
    private async ValueTask<bool> WaitAsync(CancellationToken cancellation)
    {
        while (await BlockerAsync(cancellation).ConfigureAwait(false) is string blocker)
        {
            using var gone = new ZnodeWatch();
            Stat? stat = await UntilAnswered.RepeatAsync(
                _client, () => _client.ExistsAsync($"{_queue}/{blocker}", gone, cancellation), cancellation).ConfigureAwait(false);
            if (stat is not null)
            {
                await gone.Fired.WaitAsync(cancellation).ConfigureAwait(false);
            }
        }

        return true;
    }

    /// <summary>The last place before this one that excludes it; null when there is none.</summary>
    private async ValueTask<string?> BlockerAsync(CancellationToken cancellation)
    {
        IReadOnlyList<QueueName> before = await BeforeAsync(null, cancellation).ConfigureAwait(false);
        return before.LastOrDefault(place => !_shared || !place.IsShared).Text;
    }
}
