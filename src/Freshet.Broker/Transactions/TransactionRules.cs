using Freshet.Protocol.Kafka;

namespace Freshet.Broker.Transactions;

/// <summary>
/// The life of a transactional id as a pure state machine (Kafka protocol, transactions): what each request does to it. Storing the
/// steps and writing the markers is the coordinator's.
/// </summary>
internal static class TransactionRules
{
    /// <summary>A producer begins under this id and gets its own epoch. An open transaction must have been fenced and ended before.</summary>
    /// <param name="current">What is known; null for a new id.</param>
    /// <param name="claimed">Whom the producer says it is, when it goes on after an error.</param>
    /// <param name="freshProducerId">Used for a new id, and when epochs are used up.</param>
    public static TransactionStep Init(Transaction? current, string id, int timeoutMs, ProducerIdentity? claimed, long freshProducerId, long now)
    {
        if (current is null)
        {
            return TransactionStep.To(new Transaction(id, freshProducerId, 0, timeoutMs) { Updated = now });
        }

        if (current.Status == TransactionStatus.Ongoing || current.IsEnding)
        {
            return TransactionStep.Refuse(ErrorCode.ConcurrentTransactions);
        }

        if (claimed is { } identity && !IsCurrent(current, identity))
        {
            return IsRepeatedInit(current, identity) ? TransactionStep.Done : TransactionStep.Refuse(ErrorCode.ProducerFenced);
        }

        Transaction idle = current with
        {
            Status = TransactionStatus.Empty,
            TimeoutMs = timeoutMs,
            Partitions = [],
            Started = -1,
            Updated = now,
            NextProducerId = Transaction.NoProducer,
        };
        return TransactionStep.To(current.IsExhausted
            ? idle with { ProducerId = freshProducerId, Epoch = 0, PreviousProducerId = current.ProducerId, PreviousEpoch = EpochForRetry(current, claimed) }
            : idle with { Epoch = (short)(current.Epoch + 1), PreviousProducerId = Transaction.NoProducer, PreviousEpoch = EpochForRetry(current, claimed) });
    }

    /// <summary>Whether a producer that goes on after an error may end its own open transaction by beginning anew.</summary>
    public static bool MayTakeOver(Transaction current, ProducerIdentity? claimed) => claimed is not { } identity || IsCurrent(current, identity);

    /// <summary>The transaction is to write to partitions; the first of them opens it.</summary>
    public static TransactionStep AddPartitions(Transaction? current, ProducerIdentity producer, IReadOnlyCollection<TransactionPartition> partitions, long now)
    {
        if (CheckProducer(current, producer) is var error and not ErrorCode.None)
        {
            return TransactionStep.Refuse(error);
        }

        if (current!.IsEnding)
        {
            return TransactionStep.Refuse(ErrorCode.ConcurrentTransactions);
        }

        if (current.Status == TransactionStatus.Ongoing)
        {
            return partitions.All(current.Partitions.Contains)
                ? TransactionStep.Done
                : TransactionStep.To(current with { Partitions = current.Partitions.Union(partitions), Updated = now });
        }

        return TransactionStep.To(current with { Status = TransactionStatus.Ongoing, Partitions = [.. partitions], Started = now, Updated = now });
    }

    /// <summary>The producer ends its transaction; it keeps its epoch.</summary>
    public static TransactionStep End(Transaction? current, ProducerIdentity producer, bool commit, long now)
    {
        if (CheckProducer(current, producer) is var error and not ErrorCode.None)
        {
            return TransactionStep.Refuse(error);
        }

        return current!.Status == TransactionStatus.Ongoing
            ? TransactionStep.To(Prepare(current, commit, now) with { ClientVersion = 0 })
            : RepeatedEnd(current.Status, commit);
    }

    /// <summary>
    /// The producer ends its transaction and gets the next epoch (KIP-890): what it sent late for this one can then not get into
    /// the next. A producer that cannot know whether anything was added may abort although no transaction is open.
    /// </summary>
    public static TransactionStep EndAndAdvance(Transaction? current, ProducerIdentity producer, bool commit, long freshProducerId, long now)
    {
        if (current is not null && IsRepeatedEnd(current, producer))
        {
            return RepeatedEnd(current.Status, commit);
        }

        if (CheckProducer(current, producer) is var error and not ErrorCode.None)
        {
            return TransactionStep.Refuse(error);
        }

        if (current!.IsEnding)
        {
            return RepeatedEnd(current.Status, commit);
        }

        if (current.Status != TransactionStatus.Ongoing && commit)
        {
            return TransactionStep.Refuse(ErrorCode.InvalidTxnState);
        }

        Transaction open = current.Status == TransactionStatus.Ongoing ? current : current with { Partitions = [], Started = now };
        return TransactionStep.To(Prepare(open, commit, now) with
        {
            ClientVersion = 2,
            Epoch = (short)(current.Epoch + 1),
            PreviousEpoch = current.Epoch,
            NextProducerId = current.IsExhausted ? freshProducerId : Transaction.NoProducer,
        });
    }

    /// <summary>Shuts the producer out and aborts its transaction, because it took too long or another producer came.</summary>
    public static Transaction Fence(Transaction current, long now) => Prepare(current, commit: false, now) with
    {
        Epoch = (short)Math.Min(current.Epoch + 1, short.MaxValue),
        PreviousEpoch = -1,
    };

    /// <summary>All markers are written.</summary>
    public static Transaction Complete(Transaction current, long now)
    {
        Transaction complete = current with
        {
            Status = current.Status == TransactionStatus.PrepareCommit ? TransactionStatus.CompleteCommit : TransactionStatus.CompleteAbort,
            Partitions = [],
            Updated = now,
        };
        return current.NextProducerId == Transaction.NoProducer ? complete : complete with
        {
            ProducerId = current.NextProducerId,
            Epoch = 0,
            PreviousProducerId = current.ProducerId,
            NextProducerId = Transaction.NoProducer,
        };
    }

    /// <summary>Whether a batch may be appended to a partition in the producer's transaction.</summary>
    public static ErrorCode CheckAppend(Transaction current, ProducerIdentity producer, TransactionPartition partition) =>
        current.ProducerId != producer.ProducerId ? ErrorCode.InvalidProducerIdMapping
        : current.Epoch != producer.Epoch ? ErrorCode.InvalidProducerEpoch
        : current.Status == TransactionStatus.Ongoing && current.Partitions.Contains(partition) ? ErrorCode.None
        : ErrorCode.InvalidTxnState;

    private static Transaction Prepare(Transaction current, bool commit, long now) => current with
    {
        Status = commit ? TransactionStatus.PrepareCommit : TransactionStatus.PrepareAbort,
        Updated = now,
    };

    private static ErrorCode CheckProducer(Transaction? current, ProducerIdentity producer) =>
        current is null || current.ProducerId != producer.ProducerId ? ErrorCode.InvalidProducerIdMapping
        : current.Epoch != producer.Epoch ? ErrorCode.ProducerFenced
        : ErrorCode.None;

    private static bool IsCurrent(Transaction current, ProducerIdentity identity) =>
        identity.ProducerId == current.ProducerId && identity.Epoch == current.Epoch;

    /// <summary>Whether the answer to this producer's own last <see cref="Init"/> was lost, and it asks again.</summary>
    private static bool IsRepeatedInit(Transaction current, ProducerIdentity identity) =>
        current.PreviousEpoch >= 0 && identity.Epoch == current.PreviousEpoch && current.Status == TransactionStatus.Empty
        && identity.ProducerId == (current.PreviousProducerId == Transaction.NoProducer ? current.ProducerId : current.PreviousProducerId);

    private static short EpochForRetry(Transaction current, ProducerIdentity? claimed) => claimed is null ? (short)-1 : current.Epoch;

    /// <summary>Whether the producer asks with the epoch that its last end of a transaction replaced.</summary>
    private static bool IsRepeatedEnd(Transaction current, ProducerIdentity producer) => current.Epoch > 0
        ? producer.ProducerId == current.ProducerId && producer.Epoch == current.Epoch - 1
            && current.Status is not (TransactionStatus.Ongoing or TransactionStatus.Empty)
        : producer.ProducerId == current.PreviousProducerId && producer.Epoch == Transaction.LastEpochGiven
            && current.Status is TransactionStatus.CompleteCommit or TransactionStatus.CompleteAbort;

    private static TransactionStep RepeatedEnd(TransactionStatus status, bool commit) => (status, commit) switch
    {
        (TransactionStatus.CompleteCommit, true) or (TransactionStatus.CompleteAbort, false) => TransactionStep.Done,
        (TransactionStatus.PrepareCommit, true) or (TransactionStatus.PrepareAbort, false) => TransactionStep.Refuse(ErrorCode.ConcurrentTransactions),
        _ => TransactionStep.Refuse(ErrorCode.InvalidTxnState),
    };
}
