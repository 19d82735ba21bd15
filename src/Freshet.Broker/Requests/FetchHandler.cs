using Freshet.Broker.Partitions;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;
using Freshet.Storage.Log;
using Microsoft.Extensions.Logging;

namespace Freshet.Broker.Requests;

/// <summary>Reads whole batches, and waits for them when there are too few yet.</summary>
internal sealed class FetchHandler(PartitionRegistry partitions, TimeProvider time, ILogger logger) : RequestHandler<FetchRequest>
{
    /// <summary>Kafka's fetch.max.bytes: what one answer may take of the broker's memory, whatever the client asks for.</summary>
    private const int MostBytes = 55 * 1024 * 1024;

    public override ApiKey Key => ApiKey.Fetch;

    public override short MinVersion => 4;

    public override short MaxVersion => 12;

    protected override async ValueTask<IKafkaWritable?> HandleAsync(FetchRequest request, RequestContext context, CancellationToken cancellation)
    {
        if (request.SessionId != 0 || request.SessionEpoch > 0)
        {
            return new FetchResponse(ErrorCode.FetchSessionIdNotFound, request.IsReadCommitted, []);
        }

        FetchResponse response = Read(request, out bool isComplete, out _);
        if (isComplete || request.MaxWaitMs <= 0)
        {
            return response;
        }

        var wait = new FetchWait(Math.Min(request.MinBytes, MostBytes), request.IsReadCommitted);
        List<Partition> awaited = PartitionsOf(request);
        awaited.ForEach(partition => partition.AddWait(wait));
        try
        {
            // What came between the first look and the registration is found by a second look.
            response = Read(request, out isComplete, out long bytes);
            if (isComplete)
            {
                return response;
            }

            wait.Add(bytes);
            await wait.WaitAsync(TimeSpan.FromMilliseconds(request.MaxWaitMs), time, cancellation).ConfigureAwait(false);
            return Read(request, out _, out _);
        }
        finally
        {
            awaited.ForEach(partition => partition.RemoveWait(wait));
        }
    }

    /// <summary>Finds what can be read now.</summary>
    /// <param name="isComplete">Whether that is worth an answer at once: enough bytes, an error, or nothing asked.</param>
    private FetchResponse Read(FetchRequest request, out bool isComplete, out long bytes)
    {
        bytes = 0;
        bool failed = request.Topics.Length == 0;
        long left = Math.Min(request.MaxBytes, MostBytes);
        var topics = new FetchResponse.Topic[request.Topics.Length];
        for (int topic = 0; topic < topics.Length; topic++)
        {
            FetchRequest.Topic asked = request.Topics[topic];
            var answers = new FetchResponse.Partition[asked.Partitions.Length];
            for (int number = 0; number < answers.Length; number++)
            {
                FetchResponse.Partition answer = Read(asked.Name, asked.Partitions[number], request.IsReadCommitted, left - bytes, isFirst: bytes == 0);
                failed |= answer.Error != ErrorCode.None;
                bytes += answer.Records?.Length ?? 0;
                answers[number] = answer;
            }

            topics[topic] = new FetchResponse.Topic(asked.Name, answers);
        }

        isComplete = failed || bytes >= request.MinBytes;
        return new FetchResponse(ErrorCode.None, request.IsReadCommitted, topics);
    }

    private FetchResponse.Partition Read(string topic, FetchRequest.Partition asked, bool committed, long bytesLeft, bool isFirst)
    {
        if (partitions.Find(topic, asked.Index) is not { } partition)
        {
            return new FetchResponse.Partition(asked.Index, partitions.ErrorOf(topic, asked.Index), -1, -1, -1, null);
        }

        long end = partition.HighWatermark;
        long stable = partition.LastStableOffset;
        long visible = committed ? stable : end;
        long start = partition.LogStartOffset;
        ErrorCode error = LeaderEpochs.Check(asked.CurrentLeaderEpoch, partition);
        if (error == ErrorCode.None && (asked.FetchOffset < start || asked.FetchOffset > end))
        {
            error = ErrorCode.OffsetOutOfRange;
        }

        if (error != ErrorCode.None || asked.FetchOffset >= visible)
        {
            return new FetchResponse.Partition(asked.Index, error, end, stable, start, null);
        }

        try
        {
            LogSlice slice = partition.Slice(asked.FetchOffset, (int)Math.Clamp(bytesLeft, 0, asked.MaxBytes), atLeastOneBatch: isFirst, before: visible);
            return new FetchResponse.Partition(asked.Index, ErrorCode.None, end, stable, start, slice)
            {
                Aborted = committed ? Aborted(partition, asked.FetchOffset, slice) : null,
            };
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            BrokerPartitionsLog.ReadFailed(logger, topic, asked.Index, exception);
            return new FetchResponse.Partition(asked.Index, ErrorCode.KafkaStorageError, end, stable, start, null);
        }
    }

    private static FetchResponse.AbortedTransaction[] Aborted(Partition partition, long from, LogSlice slice) =>
        [.. partition.AbortedIn(from, slice.FindEndOffset()).Select(aborted => new FetchResponse.AbortedTransaction(aborted.ProducerId, aborted.FirstOffset))];

    private List<Partition> PartitionsOf(FetchRequest request)
    {
        var found = new List<Partition>();
        foreach (FetchRequest.Topic topic in request.Topics)
        {
            foreach (FetchRequest.Partition asked in topic.Partitions)
            {
                if (partitions.Find(topic.Name, asked.Index) is { } partition)
                {
                    found.Add(partition);
                }
            }
        }

        return found;
    }
}
