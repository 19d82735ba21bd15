using System.Collections.Concurrent;

namespace Freshet.Coordination.Connections;

/// <summary>A piece of work that touches the server's state.</summary>
internal interface ISequenced
{
    void Run();
}

/// <summary>
/// Runs work one piece at a time, in the order of posting, so that the state needs no locks. There is no thread of its own:
/// whoever posts to an idle sequencer runs the work at once, and whatever others post meanwhile, as one batch. So a lone
/// request costs no thread switch, and many share one flush.
/// </summary>
/// <param name="afterBatch">Runs after each batch, in sequence.</param>
/// <param name="failed">Hears of an exception that a piece of work let out.</param>
internal sealed class Sequencer(Action afterBatch, Action<Exception> failed) : IThreadPoolWorkItem
{
    /// <summary>Batches one poster runs before the thread pool takes over, so that a connection gets its thread back.</summary>
    private const int BatchesPerTurn = 8;

    private readonly ConcurrentQueue<ISequenced> _queue = new();
    private int _posted;

    /// <summary>Runs the work now, or leaves it to whoever is running.</summary>
    public void Post(ISequenced work)
    {
        _queue.Enqueue(work);
        if (Interlocked.Increment(ref _posted) == 1)
        {
            Execute();
        }
    }

    /// <summary>
    /// Runs the work now or leaves it to whoever is running; what comes after it is left to the thread pool. For a thread that has nothing
    /// to do but will soon be needed.
    /// </summary>
    public void PostBriefly(ISequenced work)
    {
        _queue.Enqueue(work);
        if (Interlocked.Increment(ref _posted) == 1)
        {
            Execute(turns: 1);
        }
    }

    /// <summary>Has the work run on the thread pool: for threads that have something better to do.</summary>
    public void PostAside(ISequenced work)
    {
        _queue.Enqueue(work);
        if (Interlocked.Increment(ref _posted) == 1)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    public void Execute() => Execute(BatchesPerTurn);

    private void Execute(int turns)
    {
        for (int turn = 0; turn < turns; turn++)
        {
            int batch = Volatile.Read(ref _posted);
            RunBatch(batch);
            if (Interlocked.Add(ref _posted, -batch) == 0)
            {
                return;
            }
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    private void RunBatch(int batch)
    {
        try
        {
            for (int i = 0; i < batch && _queue.TryDequeue(out ISequenced? work); i++)
            {
                work.Run();
            }

            afterBatch();
        }
#pragma warning disable CA1031 // Whatever it is, the state can no longer be trusted; the owner stops the server.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            failed(failure);
        }
    }
}
