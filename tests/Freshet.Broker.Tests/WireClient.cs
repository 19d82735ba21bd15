using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Freshet.Node;
using Freshet.Protocol.Kafka;

namespace Freshet.Broker.Tests;

/// <summary>Sends requests in any version, written field by field, over a real socket.</summary>
internal sealed class WireClient : IDisposable
{
    private readonly TcpClient _connection = new();
    private int _correlationId;

    public delegate void Writing(ref KafkaWriter writer);

    public static async Task<WireClient> ConnectAsync(FreshetNode node)
    {
        var client = new WireClient();
        await client._connection.ConnectAsync(IPEndPoint.Parse(node.BootstrapServers!));
        return client;
    }

    /// <summary>Sends a request and returns the body of its answer.</summary>
    public async Task<byte[]> AskAsync(ApiKey key, short version, Writing write)
    {
        NetworkStream stream = _connection.GetStream();
        await stream.WriteAsync(Frame(key, version, ++_correlationId, write));
        byte[] size = new byte[4];
        await stream.ReadExactlyAsync(size);
        byte[] answer = new byte[BinaryPrimitives.ReadInt32BigEndian(size)];
        await stream.ReadExactlyAsync(answer);
        Assert.Equal(_correlationId, BinaryPrimitives.ReadInt32BigEndian(answer));
        return answer[(FlexibleVersions.HasFlexibleResponseHeader(key, version) ? 5 : 4)..];
    }

    /// <summary>Reads an answer's body.</summary>
    public static KafkaReader Reader(ApiKey key, short version, byte[] body) => new(body, version, FlexibleVersions.Contains(key, version));

    public void Dispose() => _connection.Dispose();

    private static byte[] Frame(ApiKey key, short version, int correlationId, Writing write)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new KafkaWriter(output, version, FlexibleVersions.Contains(key, version));
        new RequestHeader(key, version, correlationId, "test").Write(ref writer);
        write(ref writer);
        writer.Flush();
        byte[] frame = new byte[4 + output.WrittenCount];
        BinaryPrimitives.WriteInt32BigEndian(frame, output.WrittenCount);
        output.WrittenSpan.CopyTo(frame.AsSpan(4));
        return frame;
    }
}
