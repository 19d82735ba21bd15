using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Storefront.Hosting;

/// <summary>Creates topics, unless they are there already.</summary>
internal static class Topics
{
    public static async Task CreateAsync(string bootstrapServers, string topic, int partitions)
    {
        using IAdminClient admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = bootstrapServers }).Build();
        try
        {
            await admin.CreateTopicsAsync([new TopicSpecification { Name = topic, NumPartitions = partitions, ReplicationFactor = 1 }]);
        }
        catch (CreateTopicsException failed) when (failed.Results.TrueForAll(result => result.Error.Code is ErrorCode.NoError or ErrorCode.TopicAlreadyExists))
        {
        }
    }
}
