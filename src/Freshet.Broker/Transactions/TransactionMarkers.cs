using Freshet.Broker.Cluster.Topics;
using Freshet.Broker.Groups;
using Freshet.Broker.Partitions;
using Freshet.Broker.Partitions.Batches;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Records;
using Microsoft.Extensions.Logging;

namespace Freshet.Broker.Transactions;

/// <summary>Writes the end of a transaction into its partitions, and lets groups see the offsets that it committed.</summary>
internal sealed class TransactionMarkers(PartitionRegistry partitions, GroupCoordinator groups, ILogger logger)
{
    /// <summary>Writes the markers that are missing.</summary>
    /// <returns>Whether all are there now.</returns>
    public async ValueTask<bool> WriteAsync(TransactionalId id, Transaction ending)
    {
        foreach (TransactionPartition target in ending.Partitions)
        {
            if (!id.Marked.Contains(target) && await WriteAsync(ending, target).ConfigureAwait(false))
            {
                id.Marked.Add(target);
            }
        }

        return ending.Partitions.IsSubsetOf(id.Marked);
    }

    /// <summary>Writes one marker.</summary>
    public async ValueTask<ErrorCode> WriteAsync(TransactionPartition target, ProducerIdentity producer, ControlRecord marker)
    {
        if (partitions.Find(target.Topic, target.Partition) is not { } partition)
        {
            return partitions.ErrorOf(target.Topic, target.Partition);
        }

        AppendResult written = await partition.EndTransactionAsync(producer.ProducerId, producer.Epoch, marker, CancellationToken.None).ConfigureAwait(false);
        if (written.Error == ErrorCode.None && target.Topic == Topic.ConsumerOffsets)
        {
            groups.Commits.EndTransaction(target.Partition, producer.ProducerId, marker.IsCommit);
        }

        return written.Error;
    }

    private async ValueTask<bool> WriteAsync(Transaction ending, TransactionPartition target)
    {
        var marker = new ControlRecord(ending.Status == TransactionStatus.PrepareCommit, TransactionLog.CoordinatorEpoch);
        ErrorCode error = await WriteAsync(target, new ProducerIdentity(ending.ProducerId, ending.Epoch), marker).ConfigureAwait(false);
        switch (error)
        {
            case ErrorCode.None or ErrorCode.UnknownTopicOrPartition: // A topic that was deleted needs no marker.
                return true;
            case ErrorCode.InvalidProducerEpoch or ErrorCode.TransactionCoordinatorFenced:
                TransactionEvents.MarkerOutdated(logger, ending.Id, target.Topic, target.Partition, error);
                return true;
            default:
                TransactionEvents.MarkerFailed(logger, ending.Id, target.Topic, target.Partition, error);
                return false;
        }
    }
}
