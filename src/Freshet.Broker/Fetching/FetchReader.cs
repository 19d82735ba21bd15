using Freshet.Broker.Cluster;
using Freshet.Broker.Partitions;
using Freshet.Broker.Requests;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;
using Freshet.Storage.Log;
using Microsoft.Extensions.Logging;

namespace Freshet.Broker.Fetching;

/// <summary>Finds the batches that a fetch can read now, without reading them yet.</summary>
internal sealed class FetchReader(PartitionRegistry partitions, ClusterState cluster, BrokerOptions options, ILogger logger)
{
    /// <summary>Answers every target of a plan.</summary>
    /// <param name="answers">Filled: one per target, in the plan's order.</param>
    /// <param name="bytes">Bytes of records found.</param>
    /// <returns>Whether that is worth an answer at once: enough bytes, an error, or nothing asked.</returns>
    public bool Read(FetchRequest request, FetchPlan plan, RequestContext context, FetchResponse.Partition[] answers, out long bytes)
    {
        bytes = 0;
        bool isComplete = answers.Length == 0;
        long most = MaxBytes(request, context);
        for (int number = 0; number < answers.Length; number++)
        {
            ref FetchTarget target = ref plan[number];
            ErrorCode missing = Find(ref target, context);
            FetchResponse.Partition answer = missing != ErrorCode.None
                ? Refuse(target.Asked, missing)
                : Read(target.Found!, target.Asked, request.IsReadCommitted, most - bytes, isFirst: bytes == 0);
            isComplete |= answer.Error != ErrorCode.None || answer.Diverging is not null;
            bytes += answer.Records?.Length ?? 0;
            answers[number] = answer;
        }

        return isComplete || bytes >= Math.Min(request.MinBytes, most);
    }

    /// <summary>Most bytes of records to answer with, but for a first batch that is larger.</summary>
    public long MaxBytes(FetchRequest request, RequestContext context) => Math.Min(Math.Min(request.MaxBytes, options.MaxFetchBytes), context.MaxFetched);

    private FetchResponse.Partition Read(Partition partition, FetchRequest.Partition asked, bool committed, long bytesLeft, bool isFirst)
    {
        long end = partition.HighWatermark;
        long stable = partition.LastStableOffset;
        long visible = committed ? stable : end;
        long start = partition.LogStartOffset;
        if (LeaderEpochCheck.Of(asked.CurrentLeaderEpoch, partition) is var epochError and not ErrorCode.None)
        {
            return Refuse(asked, epochError);
        }

        if (asked.LastFetchedEpoch >= 0)
        {
            // Before the offset is looked at: it may be beyond the end because the reader saw what the log has lost.
            if (partition.EndOfEpoch(asked.LastFetchedEpoch) is not { } known)
            {
                return Refuse(asked, ErrorCode.OffsetOutOfRange);
            }

            if (known.Epoch < asked.LastFetchedEpoch || known.EndOffset < asked.FetchOffset)
            {
                return new FetchResponse.Partition(
                    asked.Index, ErrorCode.None, end, stable, start, null, new FetchResponse.DivergingEpoch(known.Epoch, known.EndOffset));
            }
        }

        if (asked.FetchOffset < start || asked.FetchOffset > partition.LogEndOffset)
        {
            return Refuse(asked, ErrorCode.OffsetOutOfRange);
        }

        if (asked.FetchOffset >= visible)
        {
            return new FetchResponse.Partition(asked.Index, ErrorCode.None, end, stable, start, null);
        }

        try
        {
            LogSlice slice = partition.Slice(asked.FetchOffset, (int)Math.Clamp(bytesLeft, 0, Math.Max(asked.MaxBytes, 0)), atLeastOneBatch: isFirst, before: visible);
            slice.Probe();
            return new FetchResponse.Partition(asked.Index, ErrorCode.None, end, stable, start, slice)
            {
                Aborted = committed ? Aborted(partition, asked.FetchOffset, slice) : null,
            };
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            BrokerPartitionsLog.ReadFailed(logger, partition.Topic, asked.Index, exception);
            // Of a storage error clients think that it will pass, and try again without a word.
            ErrorCode error = exception is LogCorruptException ? ErrorCode.CorruptMessage : ErrorCode.KafkaStorageError;
            return new FetchResponse.Partition(asked.Index, error, end, stable, start, null);
        }
    }

    private static FetchResponse.Partition Refuse(FetchRequest.Partition asked, ErrorCode error) => new(asked.Index, error, -1, -1, -1, null);

    private static FetchResponse.AbortedTransaction[] Aborted(Partition partition, long from, LogSlice slice) =>
        [.. partition.AbortedIn(from, slice.FindEndOffset()).Select(aborted => new FetchResponse.AbortedTransaction(aborted.ProducerId, aborted.FirstOffset))];

    /// <summary>Finds a target's partition, or says why there is none for this client.</summary>
    private ErrorCode Find(ref FetchTarget target, RequestContext context)
    {
        if (target.Found is { IsDeleted: true })
        {
            target.Found = null;
        }

        (string? name, Guid id) = target.Topic;
        name ??= target.Found?.Topic ?? cluster.View.Find(id)?.Name;
        if (name is null)
        {
            return ErrorCode.UnknownTopicId;
        }

        if (!context.AllowsTopic(AclOperation.Read, name))
        {
            return ErrorCode.TopicAuthorizationFailed;
        }

        if (target.Found is not null)
        {
            return ErrorCode.None;
        }

        if (partitions.Find(name, target.Asked.Index) is not { } found)
        {
            return partitions.ErrorOf(name, target.Asked.Index);
        }

        if (id != Guid.Empty && id != found.TopicId)
        {
            return ErrorCode.UnknownTopicId;
        }

        target.Found = found;
        return ErrorCode.None;
    }
}
