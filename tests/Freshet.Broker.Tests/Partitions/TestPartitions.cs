using Freshet.Broker.Partitions;
using Freshet.Protocol.Kafka.Records;
using Freshet.Storage.Log;
using Microsoft.Extensions.Logging.Abstractions;

namespace Freshet.Broker.Tests.Partitions;

/// <summary>Registries over a folder, and batches for their partitions.</summary>
internal static class TestPartitions
{
    public static readonly Guid TopicId = Guid.Parse("11111111-2222-3333-4444-555555555555");

    public static PartitionOptions Options { get; } = new() { Log = new LogOptions { ForceOnClose = false } };

    public static PartitionRegistry Open(string folder, PartitionOptions? options = null) =>
        PartitionRegistry.Open(folder, options ?? Options, NullLoggerFactory.Instance, TimeProvider.System);

    /// <summary>A batch of an idempotent producer, or of none.</summary>
    public static byte[] Batch(int records, long producerId = -1, short epoch = -1, int sequence = -1)
    {
        var builder = new RecordBatchBuilder(1000) { ProducerId = producerId, ProducerEpoch = epoch, BaseSequence = sequence };
        for (int number = 0; number < records; number++)
        {
            builder.AddValue("value"u8);
        }

        return builder.Build();
    }
}
