using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Freshet.Protocol.Kafka;

namespace Freshet.Broker.Tests;

/// <summary>A connection on which a test says exactly what it wants.</summary>
internal sealed class RawConnection : IDisposable
{
    private readonly TcpClient _client = new();
    private NetworkStream? _stream;
    private readonly string _clientId;
    private int _correlation;

    private RawConnection(string clientId) => _clientId = clientId;

    public delegate void WriteBody(ref KafkaWriter writer);

    public static async Task<RawConnection> OpenAsync(string address, string clientId = "raw")
    {
        var connection = new RawConnection(clientId);
        await connection._client.ConnectAsync(IPEndPoint.Parse(address));
        connection._stream = connection._client.GetStream();
        return connection;
    }

    public async Task SendAsync(ApiKey key, short version, WriteBody body)
    {
        var output = new ArrayBufferWriter<byte>();
        Write(output, key, version, body);
        await SendFrameAsync(output.WrittenMemory);
    }

    /// <summary>Sends bytes with their length before them.</summary>
    public async Task SendFrameAsync(ReadOnlyMemory<byte> frame)
    {
        byte[] size = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(size, frame.Length);
        try
        {
            await _client.Client.SendAsync((byte[])[.. size, .. frame.Span]);
        }
        catch (SocketException)
        {
            // Closed by the broker already; reading tells.
        }
    }

    /// <summary>The next frame without its length; null when the broker has closed the connection.</summary>
    public async Task<byte[]?> ReceiveAsync()
    {
        using var patience = new CancellationTokenSource(KafkaClients.Patience);
        try
        {
            byte[] size = new byte[sizeof(int)];
            await _stream!.ReadExactlyAsync(size, patience.Token);
            byte[] frame = new byte[BinaryPrimitives.ReadInt32BigEndian(size)];
            await _stream!.ReadExactlyAsync(frame, patience.Token);
            return frame;
        }
        catch (Exception closed) when (closed is EndOfStreamException or IOException)
        {
            return null;
        }
    }

    /// <summary>Tells the broker that no more comes; it still may answer.</summary>
    public void EndSending()
    {
        try
        {
            _client.Client.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // Closed by the broker already.
        }
    }

    public async Task<byte[]?> AskAsync(ApiKey key, short version, WriteBody body)
    {
        await SendAsync(key, version, body);
        return await ReceiveAsync();
    }

    public void Dispose() => _client.Dispose();

    private void Write(ArrayBufferWriter<byte> output, ApiKey key, short version, WriteBody body)
    {
        var writer = new KafkaWriter(output, version, FlexibleVersions.Contains(key, version));
        new RequestHeader(key, version, ++_correlation, _clientId).Write(ref writer);
        body(ref writer);
        writer.Flush();
    }
}
