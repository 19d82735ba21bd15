namespace Freshet.Broker.Transactions;

/// <summary>Where a transactional id stands, under Kafka's names and numbers: they are stored and told to admin clients.</summary>
internal enum TransactionStatus : byte
{
    /// <summary>The producer has no transaction.</summary>
    Empty = 0,

    /// <summary>A transaction is open.</summary>
    Ongoing = 1,

    /// <summary>It is decided that the transaction commits; markers are being written.</summary>
    PrepareCommit = 2,

    /// <summary>It is decided that the transaction aborts; markers are being written.</summary>
    PrepareAbort = 3,

    /// <summary>The last transaction committed everywhere.</summary>
    CompleteCommit = 4,

    /// <summary>The last transaction is aborted everywhere.</summary>
    CompleteAbort = 5,

    /// <summary>The id is being forgotten.</summary>
    Dead = 6,

    /// <summary>Another producer took the id over; Kafka passes through it, here fencing and aborting is one step.</summary>
    PrepareEpochFence = 7,
}
