using System.Globalization;
using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Client.Recipes;

/// <summary>
/// A place in a queue of ephemeral sequential znodes: <c>{guid}-{number}</c>. The first in the queue owns what the queue is
/// for. Each waits for the one before it only, so that one departure wakes one waiter.
/// </summary>
internal sealed class QueuePlace
{
    /// <summary>A GUID in its shortest form, and a dash.</summary>
    private const int PrefixLength = 33;

    private readonly CoordinationClient _client;
    private readonly string _queue;
    private readonly string _name;

    private QueuePlace(CoordinationClient client, string queue, string path, Stat stat)
    {
        (_client, _queue, Path, Czxid) = (client, queue, path, stat.Czxid);
        _name = path[(path.LastIndexOf('/') + 1)..];
    }

    public string Path { get; }

    /// <summary>zxid of the znode's creation: grows from one place to the next.</summary>
    public long Czxid { get; }

    /// <summary>Takes a place and waits until it is the first.</summary>
    public static async ValueTask<QueuePlace> ReachFrontAsync(CoordinationClient client, string queue, ReadOnlyMemory<byte> data, CancellationToken cancellation)
    {
        QueuePlace place = await JoinAsync(client, queue, data, cancellation).ConfigureAwait(false);
        try
        {
            await place.WaitUntilFirstAsync(cancellation).ConfigureAwait(false);
            return place;
        }
        catch
        {
            await place.LeaveAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Takes a place. When cancelled it leaves nothing behind: a forgotten znode would hold up the queue as long as the session lives.</summary>
    public static async ValueTask<QueuePlace> JoinAsync(CoordinationClient client, string queue, ReadOnlyMemory<byte> data, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        Task<QueuePlace> joining = CreateAsync(client, queue, data);
        try
        {
            return await joining.WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _ = LeaveOnceJoinedAsync(joining);
            throw;
        }
    }

    /// <summary>The names of a queue's places, first to last. Foreign names are ignored.</summary>
    public static IEnumerable<string> InOrder(IEnumerable<string> names) =>
        names.Where(name => Number(name) is not null).OrderBy(name => Number(name));

    public async ValueTask<bool> IsFirstAsync(CancellationToken cancellation) =>
        await PredecessorAsync(cancellation).ConfigureAwait(false) is null;

    /// <summary>Gives the place up. When the connection is lost just then, it goes on trying behind the caller's back until the session ends.</summary>
    public async ValueTask LeaveAsync()
    {
        if (!await TryLeaveAsync().ConfigureAwait(false))
        {
            _ = KeepLeavingAsync();
        }
    }

    private async ValueTask WaitUntilFirstAsync(CancellationToken cancellation)
    {
        while (await PredecessorAsync(cancellation).ConfigureAwait(false) is string predecessor)
        {
            using var gone = new ZnodeWatch();
            Stat? stat = await SureRead.ReadAsync(
                _client, () => _client.ExistsAsync($"{_queue}/{predecessor}", gone, cancellation), cancellation).ConfigureAwait(false);
            if (stat is not null)
            {
                await gone.Fired.WaitAsync(cancellation).ConfigureAwait(false);
            }
        }
    }

    /// <summary>The place before this one; null when this is the first.</summary>
    private async ValueTask<string?> PredecessorAsync(CancellationToken cancellation)
    {
        ZnodeChildren children = await SureRead.ReadAsync(_client, () => _client.GetChildrenAsync(_queue, null, cancellation), cancellation).ConfigureAwait(false);
        string? before = null;
        foreach (string name in InOrder(children.Names))
        {
            if (name == _name)
            {
                return before;
            }

            before = name;
        }

        throw new CoordinationException(ErrorCode.NoNode, "Wait in the queue", Path);
    }

    private static async Task<QueuePlace> CreateAsync(CoordinationClient client, string queue, ReadOnlyMemory<byte> data)
    {
        string prefix = $"{Guid.NewGuid():N}-";
        while (true)
        {
            try
            {
                CreatedZnode created = await client.CreateWithStatAsync($"{queue}/{prefix}", data, CreateMode.EphemeralSequential).ConfigureAwait(false);
                return new QueuePlace(client, queue, created.Path, created.Stat);
            }
            catch (CoordinationException missing) when (missing.Error == ErrorCode.NoNode)
            {
                await SureRead.ReadAsync(client, () => CreateQueueAsync(client, queue), default).ConfigureAwait(false);
            }
            catch (CoordinationException lost) when (lost.IsTransient)
            {
                // The GUID tells whether the create took effect before the connection was lost.
                if (await FindAsync(client, queue, prefix).ConfigureAwait(false) is QueuePlace found)
                {
                    return found;
                }
            }
        }
    }

    private static async ValueTask<bool> CreateQueueAsync(CoordinationClient client, string queue)
    {
        await client.CreatePathAsync(queue).ConfigureAwait(false);
        return true;
    }

    private static async ValueTask<QueuePlace?> FindAsync(CoordinationClient client, string queue, string prefix)
    {
        await SureRead.ReadAsync(client, () => SyncAsync(client, queue), default).ConfigureAwait(false);
        try
        {
            ZnodeChildren children = await SureRead.ReadAsync(client, () => client.GetChildrenAsync(queue), default).ConfigureAwait(false);
            string? name = children.Names.FirstOrDefault(name => name.StartsWith(prefix, StringComparison.Ordinal));
            string path = $"{queue}/{name}";
            return name is not null && await SureRead.ReadAsync(client, () => client.ExistsAsync(path), default).ConfigureAwait(false) is Stat stat
                ? new QueuePlace(client, queue, path, stat)
                : null;
        }
        catch (CoordinationException missing) when (missing.Error == ErrorCode.NoNode)
        {
            return null;
        }
    }

    private static async ValueTask<bool> SyncAsync(CoordinationClient client, string path)
    {
        await client.SyncAsync(path).ConfigureAwait(false);
        return true;
    }

    private static async Task LeaveOnceJoinedAsync(Task<QueuePlace> joining)
    {
        await ((Task)joining).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (joining.IsCompletedSuccessfully)
        {
            await (await joining.ConfigureAwait(false)).LeaveAsync().ConfigureAwait(false);
        }
    }

    private async Task KeepLeavingAsync()
    {
        while (!await TryLeaveAsync().ConfigureAwait(false))
        {
            // Each attempt waits for a connection by itself.
        }
    }

    /// <returns>Whether the znode is gone for certain.</returns>
    private async ValueTask<bool> TryLeaveAsync()
    {
        try
        {
            await _client.DeleteAsync(Path).ConfigureAwait(false);
            return true;
        }
        catch (CoordinationException failure)
        {
            // Gone already, or going with its session; anything transient is worth another attempt.
            return !failure.IsTransient;
        }
    }

    private static int? Number(string name) =>
        name.Length > PrefixLength && name[PrefixLength - 1] == '-'
        && int.TryParse(name.AsSpan(PrefixLength), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number)
            ? number
            : null;
}
