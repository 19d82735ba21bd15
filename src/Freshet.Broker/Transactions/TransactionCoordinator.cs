using System.Collections.Concurrent;
using Freshet.Broker.Cluster;
using Freshet.Protocol.Kafka;
using Microsoft.Extensions.Logging;

namespace Freshet.Broker.Transactions;

/// <summary>
/// The transactions whose ids this broker keeps. One request at a time changes an id; every change is stored before it is told or
/// followed. How a transaction ends is decided when that is stored: its markers are then written, after a crash by the next start.
/// </summary>
internal sealed class TransactionCoordinator : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, TransactionalId> _ids = new();
    private readonly BrokerOptions _options;
    private readonly TransactionLog _log;
    private readonly TransactionMarkers _markers;
    private readonly ProducerIds _producerIds;
    private readonly ILogger _logger;
    private readonly TransactionSweep _sweep;

    public TransactionCoordinator(
        BrokerOptions options, TransactionLog log, TransactionMarkers markers, ProducerIds producerIds, TimeProvider time, ILogger logger)
    {
        _options = options;
        _log = log;
        _markers = markers;
        _producerIds = producerIds;
        _logger = logger;
        _sweep = new TransactionSweep(SweepAsync, options.TransactionSweepInterval, time, logger);
    }

    /// <summary>The ids and how they stand.</summary>
    public IEnumerable<Transaction> All => _ids.Values.Select(id => id.Current).OfType<Transaction>();

    /// <summary>Reads what is stored, and ends the transactions that a crash left half ended.</summary>
    public async ValueTask StartAsync()
    {
        await LoadAsync().ConfigureAwait(false);
        _sweep.Start();
    }

    /// <summary>Whether this broker keeps the id, and if not, what to tell the client.</summary>
    public ErrorCode Check(string id) => _log.Check(id);

    public TransactionalId? Find(string id) => _ids.GetValueOrDefault(id);

    /// <summary>Gives a producer its id and epoch; a producer before it under the same name is shut out, and its transaction aborted.</summary>
    public async ValueTask<(ErrorCode Error, ProducerIdentity Producer)> InitAsync(
        string name, int timeoutMs, ProducerIdentity? claimed, CancellationToken cancellation)
    {
        if (timeoutMs <= 0 || timeoutMs > _options.TransactionMaxTimeout.TotalMilliseconds)
        {
            return (ErrorCode.InvalidTransactionTimeout, default);
        }

        return await ChangeAsync(name, create: true, InitAsync, cancellation).ConfigureAwait(false);

        async ValueTask<(ErrorCode, ProducerIdentity)> InitAsync(TransactionalId id)
        {
            ProducerIdentity? identity = claimed;
            if (id.Current is { Status: TransactionStatus.Ongoing } open)
            {
                if (!TransactionRules.MayTakeOver(open, claimed))
                {
                    return (ErrorCode.ProducerFenced, default);
                }

                identity = null; // It was checked against the epoch that is fenced here.
                await StoreAsync(id, TransactionRules.Fence(open, _log.Now)).ConfigureAwait(false);
            }

            await CompleteAsync(id).ConfigureAwait(false);
            long fresh = await FreshProducerIdAsync(id.Current, cancellation).ConfigureAwait(false);
            return await StepAsync(id, TransactionRules.Init(id.Current, name, timeoutMs, identity, fresh, _log.Now)).ConfigureAwait(false);
        }
    }

    /// <summary>Adds partitions to the producer's transaction, which opens it.</summary>
    public async ValueTask<ErrorCode> AddAsync(
        string name, ProducerIdentity producer, IReadOnlyCollection<TransactionPartition> partitions, CancellationToken cancellation)
    {
        if (partitions.Count > 0 && partitions.All(partition => Find(name)?.Check(producer.ProducerId, producer.Epoch, partition.Topic, partition.Partition) == ErrorCode.None))
        {
            return ErrorCode.None; // As it is for most batches of a transaction, when batches add their partitions.
        }

        (ErrorCode error, _) = await ChangeAsync(name, create: false, AddAsync, cancellation).ConfigureAwait(false);
        return error;

        async ValueTask<(ErrorCode, ProducerIdentity)> AddAsync(TransactionalId id)
        {
            await CompleteAsync(id).ConfigureAwait(false);
            return await StepAsync(id, TransactionRules.AddPartitions(id.Current, producer, partitions, _log.Now)).ConfigureAwait(false);
        }
    }

    /// <summary>Ends the producer's transaction. Its markers are written when this returns, unless a disk refuses them.</summary>
    /// <param name="advances">Whether the producer gets the next epoch with it, which is returned.</param>
    public async ValueTask<(ErrorCode Error, ProducerIdentity Producer)> EndAsync(
        string name, ProducerIdentity producer, bool commit, bool advances, CancellationToken cancellation)
    {
        return await ChangeAsync(name, create: false, EndAsync, cancellation).ConfigureAwait(false);

        async ValueTask<(ErrorCode, ProducerIdentity)> EndAsync(TransactionalId id)
        {
            await CompleteAsync(id).ConfigureAwait(false);
            TransactionStep step = advances
                ? TransactionRules.EndAndAdvance(
                    id.Current, producer, commit, await FreshProducerIdAsync(id.Current, cancellation).ConfigureAwait(false), _log.Now)
                : TransactionRules.End(id.Current, producer, commit, _log.Now);
            (ErrorCode error, ProducerIdentity next) = await StepAsync(id, step).ConfigureAwait(false);
            if (error == ErrorCode.None && id.Current!.IsEnding)
            {
                next = id.Current.NextProducerId == Transaction.NoProducer ? next : new ProducerIdentity(id.Current.NextProducerId, 0);
                await CompleteAsync(id).ConfigureAwait(false);
            }

            return (error, next);
        }
    }

    public ValueTask DisposeAsync() => _sweep.DisposeAsync();

    /// <summary>Runs one change of an id while no other runs.</summary>
    private async ValueTask<(ErrorCode Error, ProducerIdentity Producer)> ChangeAsync(
        string name, bool create, Func<TransactionalId, ValueTask<(ErrorCode, ProducerIdentity)>> change, CancellationToken cancellation)
    {
        while (true)
        {
            ErrorCode kept = name.Length == 0 ? ErrorCode.InvalidRequest : _log.Check(name);
            if (kept != ErrorCode.None)
            {
                return (kept, default);
            }

            TransactionalId? id = create ? _ids.GetOrAdd(name, added => new TransactionalId(added)) : Find(name);
            if (id is null)
            {
                return (ErrorCode.InvalidProducerIdMapping, default);
            }

            await id.TakeTurnAsync(cancellation).ConfigureAwait(false);
            try
            {
                if (!id.IsForgotten)
                {
                    return await change(id).ConfigureAwait(false);
                }
            }
            finally
            {
                id.Release();
            }
        }
    }

    private async ValueTask<(ErrorCode Error, ProducerIdentity Producer)> StepAsync(TransactionalId id, TransactionStep step)
    {
        ErrorCode error = step is { Error: ErrorCode.None, Next: { } next } ? await StoreAsync(id, next).ConfigureAwait(false) : step.Error;
        return (error, error == ErrorCode.None && id.Current is { } current ? new ProducerIdentity(current.ProducerId, current.Epoch) : default);
    }

    /// <summary>Stores a state, then lets it hold.</summary>
    private async ValueTask<ErrorCode> StoreAsync(TransactionalId id, Transaction next)
    {
        ErrorCode error = await _log.AppendAsync(new TransactionRecord(id.Name, next)).ConfigureAwait(false);
        if (error == ErrorCode.None)
        {
            id.Current = next;
        }

        return error;
    }

    /// <summary>Writes the markers of a transaction that is ending, and that it has ended. What fails is tried again with the next request or sweep.</summary>
    private async ValueTask CompleteAsync(TransactionalId id)
    {
        if (id.Current is { IsEnding: true } ending && await _markers.WriteAsync(id, ending).ConfigureAwait(false)
            && await StoreAsync(id, TransactionRules.Complete(ending, _log.Now)).ConfigureAwait(false) == ErrorCode.None)
        {
            id.Marked.Clear();
        }
    }

    private ValueTask<long> FreshProducerIdAsync(Transaction? current, CancellationToken cancellation) =>
        current is null || current.IsExhausted ? _producerIds.NextAsync(cancellation) : ValueTask.FromResult(Transaction.NoProducer);

    private async ValueTask LoadAsync()
    {
        foreach (TransactionRecord record in _log.ReadAll())
        {
            _ids.GetOrAdd(record.Id, name => new TransactionalId(name)).Current = record.State;
        }

        foreach (TransactionalId forgotten in _ids.Values.Where(id => id.Current is null))
        {
            _ids.TryRemove(forgotten.Name, out _);
        }

        int ids = _ids.Count;
        int ending = All.Count(transaction => transaction.IsEnding);
        TransactionEvents.Loaded(_logger, ids, ending);
        foreach (TransactionalId id in _ids.Values)
        {
            await CompleteAsync(id).ConfigureAwait(false);
        }
    }

    private async ValueTask SweepAsync(CancellationToken stopping)
    {
        foreach (TransactionalId id in _ids.Values)
        {
            await id.TakeTurnAsync(stopping).ConfigureAwait(false);
            try
            {
                await SweepAsync(id).ConfigureAwait(false);
            }
            finally
            {
                id.Release();
            }
        }
    }

    private async ValueTask SweepAsync(TransactionalId id)
    {
        if (id.Current is { } current && current.HasTimedOut(_log.Now))
        {
            TransactionEvents.TimedOut(_logger, id.Name, current.TimeoutMs);
            await StoreAsync(id, TransactionRules.Fence(current, _log.Now)).ConfigureAwait(false);
        }

        await CompleteAsync(id).ConfigureAwait(false);
        bool isNothing = id.Current is null;
        if (id.Current?.IsExpired(_log.Now, _options.TransactionalIdExpiration) == true)
        {
            isNothing = await _log.AppendAsync(new TransactionRecord(id.Name, null)).ConfigureAwait(false) == ErrorCode.None;
        }

        if (isNothing)
        {
            id.IsForgotten = true;
            _ids.TryRemove(new KeyValuePair<string, TransactionalId>(id.Name, id));
        }
    }
}
