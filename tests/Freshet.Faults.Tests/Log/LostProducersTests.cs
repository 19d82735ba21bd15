using Confluent.Kafka;

namespace Freshet.Faults.Tests.Log;

/// <summary>A producer that goes on while what the broker knew of it is lost: its records were deleted, and a power cut took the newest snapshots.</summary>
public sealed class LostProducersTests : IAsyncDisposable
{
    private const string Topic = "forgotten";
    private readonly BrokerWithFaults _broker = new();

    public ValueTask DisposeAsync() => _broker.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_producer_whose_records_are_gone_is_not_refused_for_good(bool anOldSnapshotIsLeft)
    {
        await _broker.StartQuietAsync();
        await KafkaTopics.CreateAsync(_broker.Address, Topic, 1, ("segment.bytes", "2000"));
        using IProducer<Null, byte[]> producer = new ProducerBuilder<Null, byte[]>(new ProducerConfig
        {
            BootstrapServers = _broker.Address,
            EnableIdempotence = true,
            LingerMs = 0,
            ReconnectBackoffMs = 20,
            ReconnectBackoffMaxMs = 100,
            MessageTimeoutMs = 30_000,
        }).SetLogHandler((_, _) => { }).Build();
        await ProduceAsync(producer, 0, 30);
        Dictionary<string, byte[]> old = Snapshots().ToDictionary(file => file, File.ReadAllBytes);
        Assert.NotEmpty(old);
        await ProduceAsync(producer, 30, 60);
        await KafkaTopics.DeleteAllAsync(_broker.Address, Topic);
        await _broker.KillAsync();
        Array.ForEach(Snapshots(), File.Delete);
        if (anOldSnapshotIsLeft)
        {
            foreach ((string file, byte[] bytes) in old)
            {
                await File.WriteAllBytesAsync(file, bytes, TestContext.Current.CancellationToken);
            }
        }

        await _broker.StartQuietAsync();
        await ProduceAsync(producer, 90, 5);
    }

    private string[] Snapshots() => Directory.GetFiles(_broker.FolderOf(Topic), "*.producers");

    private static async Task ProduceAsync(IProducer<Null, byte[]> producer, long first, int count)
    {
        for (long number = first; number < first + count; number++)
        {
            DeliveryResult<Null, byte[]> stored = await producer.ProduceAsync(Topic, NumberedRecords.Of(number));
            Assert.Equal(number, stored.Offset.Value);
        }
    }
}
