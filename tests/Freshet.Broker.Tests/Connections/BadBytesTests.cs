using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Confluent.Kafka;
using CsCheck;
using Freshet.Node;

namespace Freshet.Broker.Tests.Connections;

/// <summary>What a hostile or broken client may send.</summary>
public class BadBytesTests
{
    [Theory]
    [InlineData("80000000")]
    [InlineData("00000009")]
    [InlineData("7fffffff 00")]
    [InlineData("80000000 0000")]
    [InlineData("ffffffff 0000")]
    [InlineData("00000000 0000")]
    [InlineData("7fffffff 0000")]
    [InlineData("00800001 0003")]
    [InlineData("0000000a 03e7 0000 00000001 ffff")]
    [InlineData("0000000a 0003 0063 00000001 ffff")]
    [InlineData("0000000e 0003 0001 00000001 ffff 7fffffff")]
    public async Task A_frame_that_cannot_be_closes_its_connection_and_no_other(string hex)
    {
        await using FreshetNode node = await KafkaClients.StartAsync();
        using IProducer<string, string> producer = node.Producer();
        await producer.ProduceAsync("t", new Message<string, string> { Value = "before" });
        using TcpClient bad = await ConnectAsync(node);
        await bad.GetStream().WriteAsync(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));
        Assert.Equal(0, await ReadToEndAsync(bad));
        await producer.ProduceAsync("t", new Message<string, string> { Value = "after" });
    }

    [Fact]
    public async Task An_unknown_ApiVersions_version_is_answered_with_the_list_in_the_oldest_form_and_the_connection_stays()
    {
        await using FreshetNode node = await KafkaClients.StartAsync();
        using TcpClient client = await ConnectAsync(node);
        for (int attempt = 0; attempt < 2; attempt++)
        {
            await client.GetStream().WriteAsync(Convert.FromHexString("0000000c" + "0012" + "0063" + "00000001" + "000163" + "00"));
            byte[] answer = new byte[20];
            await client.GetStream().ReadExactlyAsync(answer);
            Assert.Equal("000000100000000100230000000100120000" + "0004", Convert.ToHexStringLower(answer));
        }
    }

    [Fact]
    public async Task Requests_sent_ahead_are_answered_in_order()
    {
        await using FreshetNode node = await KafkaClients.StartAsync();
        using TcpClient client = await ConnectAsync(node);
        byte[] requests = [.. Enumerable.Range(1, 100).SelectMany(number => Convert.FromHexString($"0000000b0012{number % 3:x4}{number:x8}000163"))];
        await client.GetStream().WriteAsync(requests);
        byte[] start = new byte[8];
        for (int number = 1; number <= 100; number++)
        {
            await client.GetStream().ReadExactlyAsync(start);
            Assert.Equal(number, BinaryPrimitives.ReadInt32BigEndian(start.AsSpan(4)));
            await client.GetStream().ReadExactlyAsync(new byte[BinaryPrimitives.ReadInt32BigEndian(start) - 4]);
        }
    }

    [Fact]
    public async Task A_frame_that_is_announced_but_never_comes_takes_little_memory()
    {
        await using FreshetNode node = await KafkaClients.StartAsync();
        long before = GC.GetTotalMemory(forceFullCollection: true);
        var idle = new List<TcpClient>();
        for (int number = 0; number < 50; number++)
        {
            TcpClient client = await ConnectAsync(node);
            await client.GetStream().WriteAsync(Convert.FromHexString("063fffff" + "0000" + "0009"));
            idle.Add(client);
        }

        using IProducer<string, string> producer = node.Producer();
        await producer.ProduceAsync("t", new Message<string, string> { Value = "v" });
        Assert.True(GC.GetTotalMemory(forceFullCollection: true) - before < 50_000_000);
        idle.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task Random_requests_are_answered_or_end_their_connection_and_the_broker_serves_on()
    {
        await using FreshetNode node = await KafkaClients.StartAsync();
        short[] keys = [0, 1, 2, 3, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18, 19, 20, 21, 22, 23, 32, 33, 35, 37, 42, 44, 60, 74, 75];
        await Gen.Select(Gen.Int[0, keys.Length - 1].Select(index => keys[index]), Gen.Short[0, 17], Gen.Byte.Array[0, 100]).SampleAsync(
            async (key, version, body) =>
            {
                using TcpClient client = await ConnectAsync(node);
                byte[] frame = new byte[14 + body.Length];
                BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length - 4);
                BinaryPrimitives.WriteInt16BigEndian(frame.AsSpan(4), key);
                BinaryPrimitives.WriteInt16BigEndian(frame.AsSpan(6), version);
                BinaryPrimitives.WriteInt16BigEndian(frame.AsSpan(12), -1);
                body.CopyTo(frame, 14);
                await client.Client.SendAsync(frame);
                client.Client.Shutdown(SocketShutdown.Send);
                await ReadToEndAsync(client);
            },
            iter: 300, threads: 1);
        using IProducer<string, string> producer = node.Producer();
        await producer.ProduceAsync("t", new Message<string, string> { Value = "v" });
    }

    private static async Task<TcpClient> ConnectAsync(FreshetNode node)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPEndPoint.Parse(node.BootstrapServers!));
        return client;
    }

    /// <summary>Reads until the broker closes, and says how much came.</summary>
    private static async Task<int> ReadToEndAsync(TcpClient client)
    {
        using var patience = new CancellationTokenSource(KafkaClients.Patience);
        byte[] buffer = new byte[4096];
        int total = 0;
        try
        {
            while (await client.Client.ReceiveAsync(buffer, patience.Token) is > 0 and int read)
            {
                total += read;
            }
        }
        catch (SocketException)
        {
            // Reset: also closed.
        }

        return total;
    }
}
