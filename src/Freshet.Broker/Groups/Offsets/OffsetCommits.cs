using Freshet.Broker.Groups.Storage;
using Freshet.Broker.Groups.Consumers;
using Freshet.Broker.Partitions.Batches;
using Freshet.Broker.Partitions.Producers;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Groups.Offsets;

/// <summary>Commits of offsets, by members, by operators and in transactions.</summary>
internal sealed class OffsetCommits(GroupRegistry groups, GroupStore store, GroupLog log)
{
    /// <summary>Stores offsets, then lets them be seen.</summary>
    /// <param name="partitions">What the request is about, by topic id.</param>
    public async ValueTask<ErrorCode> CommitAsync(
        OffsetCommitRequest request, short version, IReadOnlyList<OffsetRecord> offsets, IReadOnlyList<TopicIdPartition> partitions)
    {
        Group group = groups.FindOrAdd(request.GroupId);
        ValueTask<ErrorCode> storing;
        lock (group)
        {
            ErrorCode error = CommitRules.Check(group, request, version, partitions);
            if (error != ErrorCode.None || offsets.Count == 0)
            {
                return error;
            }

            // Begun under the lock: a commit that was allowed must not come to lie behind one of the partition's next owner.
            group.CommitsUnderWay++;
            storing = store.StoreOffsetsAsync(group, offsets);
        }

        try
        {
            return await storing.ConfigureAwait(false);
        }
        finally
        {
            lock (group)
            {
                group.CommitsUnderWay--;
            }
        }
    }

    /// <summary>Stores offsets as part of a producer's transaction; they are seen when it commits.</summary>
    /// <param name="partitions">What the request is about, by topic id.</param>
    public async ValueTask<ErrorCode> CommitInTransactionAsync(
        TxnOffsetCommitRequest request, IReadOnlyList<OffsetRecord> offsets, IReadOnlyList<TopicIdPartition> partitions, ITransactionGuard guard)
    {
        Group group = groups.FindOrAdd(request.GroupId);
        AppendResult appended;
        lock (group)
        {
            ErrorCode error = group.IsDeleted ? ErrorCode.CoordinatorNotAvailable : CommitRules.CheckInTransaction(group, request, partitions);
            if (error != ErrorCode.None || offsets.Count == 0)
            {
                return error;
            }

            // In one step: the transaction's end, which may come at any time, finds all that was appended before it.
            appended = log.Append(group.Id, offsets, request.ProducerId, request.ProducerEpoch, guard);
            for (int index = 0; appended.Error == ErrorCode.None && index < offsets.Count; index++)
            {
                group.Offsets.AddPending(request.ProducerId, offsets[index], appended.BaseOffset + index);
            }
        }

        return (await log.WaitForDiskAsync(group.Id, appended, CancellationToken.None).ConfigureAwait(false)).Error;
    }

    /// <summary>A producer's transaction ended in a partition of the groups' topic: its offsets are seen, or gone.</summary>
    public void EndTransaction(int partition, long producerId, bool commit)
    {
        foreach (Group group in groups.All)
        {
            lock (group)
            {
                if (group.Offsets.HasPending && log.PartitionOf(group.Id) == partition)
                {
                    group.Offsets.EndTransaction(producerId, commit);
                }
            }
        }
    }
}
