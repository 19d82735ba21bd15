using System.Collections.Immutable;

namespace Freshet.Broker.Transactions;

/// <summary>What the coordinator knows of one transactional id. Never changes: a step of <see cref="TransactionRules"/> makes the next.</summary>
/// <param name="Id">Name that the producer keeps over restarts.</param>
/// <param name="ProducerId">Its producer id.</param>
/// <param name="Epoch">Its epoch; producers with a lower one are shut out.</param>
/// <param name="TimeoutMs">Time that a transaction may take.</param>
internal sealed record Transaction(string Id, long ProducerId, short Epoch, int TimeoutMs)
{
    /// <summary>The largest epoch that a producer gets: one more is left to fence it with.</summary>
    public const short LastEpochGiven = short.MaxValue - 1;

    /// <summary>No producer, or none before or after this one.</summary>
    public const long NoProducer = -1;

    public TransactionStatus Status { get; init; }

    /// <summary>Epoch before <see cref="Epoch"/> if the producer itself asked for the change: it may ask again when the answer was lost. -1 for none.</summary>
    public short PreviousEpoch { get; init; } = -1;

    /// <summary>Producer id before this one, whose epochs were used up.</summary>
    public long PreviousProducerId { get; init; } = NoProducer;

    /// <summary>Producer id once the present transaction has ended.</summary>
    public long NextProducerId { get; init; } = NoProducer;

    /// <summary>Partitions that the transaction has written to, or will.</summary>
    public ImmutableHashSet<TransactionPartition> Partitions { get; init; } = [];

    /// <summary>When the transaction began, milliseconds since 1970; -1 when none has.</summary>
    public long Started { get; init; } = -1;

    /// <summary>When this became so, milliseconds since 1970.</summary>
    public long Updated { get; init; }

    /// <summary>Version of the transaction protocol that the producer last showed: 0, or 2 when every transaction has an epoch of its own.</summary>
    public short ClientVersion { get; init; }

    /// <summary>Whether it is decided how the transaction ends, and markers are being written.</summary>
    public bool IsEnding => Status is TransactionStatus.PrepareCommit or TransactionStatus.PrepareAbort;

    /// <summary>Whether the epochs of the producer id are used up.</summary>
    public bool IsExhausted => Epoch >= LastEpochGiven;

    /// <summary>Whether the transaction has been open for too long.</summary>
    public bool HasTimedOut(long now) => Status == TransactionStatus.Ongoing && now - Started > TimeoutMs;

    /// <summary>Whether the id has been idle for so long that it is forgotten.</summary>
    public bool IsExpired(long now, TimeSpan expiration) =>
        Status is TransactionStatus.Empty or TransactionStatus.CompleteCommit or TransactionStatus.CompleteAbort
        && now - Updated > expiration.TotalMilliseconds;
}

/// <summary>One partition of a transaction.</summary>
internal readonly record struct TransactionPartition(string Topic, int Partition);
