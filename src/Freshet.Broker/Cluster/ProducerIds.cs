using Freshet.Coordination.Client;
using Freshet.Protocol.Jute;

namespace Freshet.Broker.Cluster;

/// <summary>Gives producer ids that no broker gives twice: blocks are reserved in the coordination service (as Kafka does).</summary>
internal sealed class ProducerIds(ClusterStore store, int brokerId) : IDisposable
{
    private const long BlockSize = 1000;
    private readonly SemaphoreSlim _one = new(1);
    private long _next;
    private long _end = -1;

    public async ValueTask<long> NextAsync(CancellationToken cancellation)
    {
        await _one.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (_next > _end)
            {
                _next = await ReserveAsync(cancellation).ConfigureAwait(false);
                _end = _next + BlockSize - 1;
            }

            return _next++;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    /// <summary>Reserves the next block and returns its first id.</summary>
    private async ValueTask<long> ReserveAsync(CancellationToken cancellation)
    {
        while (true)
        {
            await store.TryCreateAsync(ClusterPaths.ProducerIdBlock, Block(-BlockSize), CreateMode.Persistent, cancellation).ConfigureAwait(false);
            ZnodeData node = await store.Coordination.GetDataAsync(ClusterPaths.ProducerIdBlock, cancellation: cancellation).ConfigureAwait(false);
            ProducerIdBlockNode last = store.Parse<ProducerIdBlockNode>(ClusterPaths.ProducerIdBlock, node.Data)
                ?? throw new InvalidDataException($"{ClusterPaths.ProducerIdBlock} does not hold a block of producer ids.");
            long start = last.End + 1;
            try
            {
                await store.Coordination.SetDataAsync(ClusterPaths.ProducerIdBlock, Block(start), node.Stat.Version, cancellation).ConfigureAwait(false);
                return start;
            }
            catch (CoordinationException raced) when (raced.Error == ErrorCode.BadVersion)
            {
                // Another broker took that block.
            }
        }
    }

    private byte[] Block(long start) => ZnodeJson.Write(new ProducerIdBlockNode(brokerId, start, start + BlockSize - 1));
}
