using System.Buffers;
using CsCheck;
using Confluent.Kafka;
using Freshet.Node;
using Freshet.Protocol.Kafka;

namespace Freshet.Broker.Tests.Connections;

/// <summary>
/// Requests of every API that begin well and then have bytes changed, cut or added. The broker answers or closes, takes no more
/// memory than the frames are worth, and what it stores stays. CsCheck prints the seed of a failure.
/// </summary>
public class RequestFuzzTests
{
    private const int Requests = 1500;

    [Fact]
    public async Task Broken_requests_are_answered_or_end_their_connection_and_nothing_stored_is_touched()
    {
        // One that takes metrics of clients, so that all APIs are told.
        await using FreshetNode node = await FreshetNode.StartAsync(
            new FreshetNodeOptions { ConfigureBroker = broker => broker.ClientTelemetryReceiver = _ => { } }, new TestLog());
        using IProducer<string, string> producer = node.Producer();
        await producer.ProduceAsync("stored", new Message<string, string> { Key = "k", Value = "before" });
        (ApiKey Key, short Min, short Max)[] apis = await ApisAsync(node);
        Gen<(ApiKey, short, byte[])> requests = Gen.Select(Gen.Int[0, apis.Length - 1], Gen.Double[0, 1], Gen.Byte.Array[0, 200], Gen.Int[0, 3], Gen.Int)
            .Select((index, share, noise, kind, seed) =>
            {
                (ApiKey key, short min, short max) = apis[index];
                short version = (short)(min + (share * (max - min)));
                return (key, version, Body(version, FlexibleVersions.Contains(key, version), noise, kind, seed));
            });
        long before = GC.GetTotalMemory(forceFullCollection: true);
        await requests.SampleAsync(
            async request =>
            {
                (ApiKey key, short version, byte[] body) = request;
                using RawConnection client = await RawConnection.OpenAsync(node.BootstrapServers!);
                await client.SendAsync(key, version, (ref KafkaWriter writer) => body.CopyTo(writer.Take(body.Length)));
                client.EndSending();
                while (await client.ReceiveAsync() is not null)
                {
                }
            },
            iter: Requests, threads: 1);
        Assert.True(GC.GetTotalMemory(forceFullCollection: true) - before < 100_000_000);
        using IConsumer<string, string> consumer = node.Consumer("after");
        consumer.Assign(new TopicPartitionOffset("stored", 0, 0));
        Assert.Equal("before", consumer.Take(1)[0].Message.Value);
    }

    /// <summary>Fields as requests have them (strings, counts, numbers), wrong in places: some lengths are enormous or negative.</summary>
    private static byte[] Body(short version, bool flexible, byte[] noise, int kind, int seed)
    {
        if (kind == 0)
        {
            return noise;
        }

        var random = new Random(seed);
        var output = new ArrayBufferWriter<byte>();
        var writer = new KafkaWriter(output, version, flexible);
        for (int field = random.Next(1, 12); field > 0; field--)
        {
            switch (random.Next(7))
            {
                case 0: writer.WriteString(random.Next(2) == 0 ? "x-no-such" : null); break;
                case 1: writer.WriteInt32(random.Next(-1, 3)); break;
                case 2: writer.WriteInt64(random.NextInt64(-2, 100)); break;
                case 3: writer.WriteInt16((short)random.Next(-1, 3)); break;
                case 4: writer.WriteLength(random.Next(4) == 0 ? random.Next(int.MinValue, int.MaxValue) & int.MaxValue >> 1 : random.Next(-1, 3)); break;
                case 5: writer.WriteBytes(noise.AsSpan(0, Math.Min(noise.Length, 20))); break;
                default: writer.WriteNoTags(); break;
            }
        }

        writer.Flush();
        return kind == 1 ? [.. output.WrittenSpan, .. noise] : output.WrittenSpan.ToArray();
    }

    private static async Task<(ApiKey, short, short)[]> ApisAsync(FreshetNode node)
    {
        using RawConnection client = await RawConnection.OpenAsync(node.BootstrapServers!);
        byte[] answer = (await client.AskAsync(ApiKey.ApiVersions, 0, (ref KafkaWriter _) => { }))!;
        var reader = new KafkaReader(answer, 0, flexible: false);
        reader.ReadInt32();
        reader.ReadInt16();
        var apis = new (ApiKey, short, short)[reader.ReadCount()];
        for (int index = 0; index < apis.Length; index++)
        {
            apis[index] = ((ApiKey)reader.ReadInt16(), reader.ReadInt16(), reader.ReadInt16());
        }

        return apis;
    }
}
