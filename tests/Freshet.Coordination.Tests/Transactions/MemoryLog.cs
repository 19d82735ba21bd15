using Freshet.Coordination.Transactions;

namespace Freshet.Coordination.Tests.Transactions;

/// <summary>A log that keeps what it is given; the test says when it is durable.</summary>
internal sealed class MemoryLog : ITransactionLog
{
    public List<byte[]> Records { get; } = [];

    public long PendingBytes => 0;

    public void Append(long zxid, ReadOnlySpan<byte> transaction) => Records.Add(transaction.ToArray());

    public void Abandon() => throw new NotSupportedException("Memory has room.");

    public void Purge(long zxid)
    {
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
