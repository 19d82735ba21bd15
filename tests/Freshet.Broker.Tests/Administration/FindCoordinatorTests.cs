using Freshet.Node;
using Freshet.Protocol.Kafka;

namespace Freshet.Broker.Tests.Administration;

/// <summary>Who coordinates a group.</summary>
public class FindCoordinatorTests
{
    [Fact]
    public async Task Whoever_asks_while_the_topic_of_groups_is_created_is_told_the_coordinator_too()
    {
        await using FreshetNode node = await KafkaClients.StartAsync();
        int[] errors = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => AskAsync(node)));
        Assert.All(errors, error => Assert.Equal(0, error));
    }

    private static async Task<int> AskAsync(FreshetNode node)
    {
        using WireClient client = await WireClient.ConnectAsync(node);
        byte[] body = await client.AskAsync(ApiKey.FindCoordinator, 2, (ref KafkaWriter writer) =>
        {
            writer.WriteString("g");
            writer.WriteInt8(0);
        });
        KafkaReader reader = WireClient.Reader(ApiKey.FindCoordinator, 2, body);
        reader.ReadInt32();
        return reader.ReadInt16();
    }
}
