using Freshet.Broker.Partitions.Batches;
using Freshet.Protocol.Kafka;
using Microsoft.Extensions.Logging;

namespace Freshet.Broker.Partitions;

/// <summary>Whether the disk takes a partition's batches. The operator hears when that changes, not of every batch.</summary>
internal sealed class DiskState(PartitionFolder folder, ILogger logger)
{
    private int _refuses;

    /// <summary>Whether the disk refused the newest write.</summary>
    public bool Refuses => Volatile.Read(ref _refuses) == 1;

    /// <summary>The disk refused a batch: gives what to answer.</summary>
    public AppendResult Refused(Exception exception)
    {
        if (Interlocked.Exchange(ref _refuses, 1) == 0)
        {
            BrokerPartitionsLog.AppendFailed(logger, folder.Topic, folder.Index, exception);
        }

        return AppendResult.Refused(ErrorCode.KafkaStorageError, exception.Message);
    }

    /// <summary>The disk took a batch.</summary>
    public void Took()
    {
        if (Refuses && Interlocked.Exchange(ref _refuses, 0) == 1)
        {
            BrokerPartitionsLog.AppendsAgain(logger, folder.Topic, folder.Index);
        }
    }
}
