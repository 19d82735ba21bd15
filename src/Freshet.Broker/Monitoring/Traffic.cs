namespace Freshet.Broker.Monitoring;

/// <summary>Counts of what goes in and out, of one partition or of the whole broker. Counted from many threads, read now and then.</summary>
internal sealed class Traffic
{
    private long _messagesIn;
    private long _bytesIn;
    private long _bytesOut;
    private long _failedProduces;
    private long _failedFetches;

    public long MessagesIn => Interlocked.Read(ref _messagesIn);

    public long BytesIn => Interlocked.Read(ref _bytesIn);

    public long BytesOut => Interlocked.Read(ref _bytesOut);

    public long FailedProduces => Interlocked.Read(ref _failedProduces);

    public long FailedFetches => Interlocked.Read(ref _failedFetches);

    public void Received(int messages, int bytes)
    {
        Interlocked.Add(ref _messagesIn, messages);
        Interlocked.Add(ref _bytesIn, bytes);
    }

    public void Sent(int bytes) => Interlocked.Add(ref _bytesOut, bytes);

    public void ProduceFailed() => Interlocked.Increment(ref _failedProduces);

    public void FetchFailed() => Interlocked.Increment(ref _failedFetches);
}
