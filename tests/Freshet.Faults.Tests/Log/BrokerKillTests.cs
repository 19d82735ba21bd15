using Freshet.Tests.Support;

namespace Freshet.Faults.Tests.Log;

/// <summary>A broker that is killed under load, again and again, with one idempotent producer that never hears of it.</summary>
public class BrokerKillTests
{
    private const int Kills = 20;
    private const int Partitions = 2;
    private const string Topic = "survivors";

    [Fact]
    public async Task Every_acknowledged_record_is_there_once_and_in_order_after_twenty_kills()
    {
        using var folder = new TemporaryFolder();
        string port = $"{FreshetProcess.FreePort()}";
        string[] arguments = ["broker", "--port", port, "--data", folder.Path];
        FreshetProcess broker = FreshetProcess.Start(arguments);
        try
        {
            string address = await broker.ReadyAsync("broker");
            await KafkaTopics.CreateAsync(address, Topic, Partitions);
            using var load = new NumberedLoad(address, Topic, Partitions);
            var chance = new Random(20);
            for (int kill = 0; kill < Kills; kill++)
            {
                await load.AcknowledgedMoreAsync(chance.Next(1, 2000));
                await broker.KillAsync();
                await broker.DisposeAsync();
                broker = FreshetProcess.Start(arguments);
                await broker.ReadyAsync("broker");
            }

            long[] acknowledged = await load.StopAsync();
            await broker.KillAsync();
            await broker.DisposeAsync();
            broker = FreshetProcess.Start(arguments);
            await broker.ReadyAsync("broker");

            for (int partition = 0; partition < Partitions; partition++)
            {
                AssertHoldsEachOnce(KafkaTopics.ReadNumbers(address, Topic, partition), acknowledged[partition]);
            }
        }
        finally
        {
            await broker.DisposeAsync();
        }
    }

    private static void AssertHoldsEachOnce(List<long> stored, long acknowledged)
    {
        Assert.True(acknowledged > 0, "the load was acknowledged");
        Assert.True(stored.Count >= acknowledged, $"{acknowledged} records were acknowledged, {stored.Count} are there");
        for (int number = 0; number < stored.Count; number++)
        {
            Assert.Equal(number, stored[number]);
        }
    }
}
