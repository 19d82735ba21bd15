using System.Buffers.Binary;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Freshet.Protocol.Jute;
using Freshet.Protocol.Jute.Messages;

namespace Freshet.Coordination.Tests.Wire;

/// <summary>A client that speaks the protocol byte by byte, so that tests see exactly what the server says and in which order.</summary>
internal sealed class RawClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly TcpClient _socket = new();
    private readonly Queue<byte[]> _events = new();
    private Stream _stream = Stream.Null;
    private int _xid;

    private RawClient()
    {
    }

    public ConnectResponse Session { get; private set; }

    /// <summary>The reply to the session request, without its length; null when the server closed instead.</summary>
    public byte[]? Handshake { get; private set; }

    /// <param name="certificate">The client's own, for a server that speaks TLS; whose server it is does not matter.</param>
    public static async Task<RawClient> OpenAsync(string address, X509Certificate2? certificate = null)
    {
        var client = new RawClient();
        string[] parts = address.Split(':');
        await client._socket.ConnectAsync(parts[0], int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture));
        client._socket.NoDelay = true;
        client._stream = client._socket.GetStream();
        if (certificate is not null)
        {
            var tls = new SslStream(client._stream);
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                ClientCertificates = [certificate],
#pragma warning disable CA5359 // The server is the test's own.
                RemoteCertificateValidationCallback = (_, _, _, _) => true,
#pragma warning restore CA5359
            });
            client._stream = tls;
        }

        return client;
    }

    public static Task<RawClient> ConnectAsync(string address, int timeout = 30_000, X509Certificate2? certificate = null) =>
        ConnectAsync(address, new ConnectRequest(0, timeout, 0, new byte[16], ReadOnly: false), certificate);

    public static async Task<RawClient> ConnectAsync(string address, ConnectRequest request, X509Certificate2? certificate = null)
    {
        RawClient client = await OpenAsync(address, certificate);
        using var writer = new JuteWriter();
        int frame = writer.BeginFrame();
        request.Write(writer);
        writer.EndFrame(frame);
        await client.SendAsync(writer.WrittenSpan.ToArray());
        client.Handshake = await client.ReceiveAsync();
        if (client.Handshake is byte[] answer)
        {
            var reader = new JuteReader(answer);
            client.Session = ConnectResponse.Read(ref reader);
        }

        return client;
    }

    public Task<RawClient> AttachAgainAsync(string address, byte[]? password = null) =>
        ConnectAsync(address, new ConnectRequest(0, Session.TimeoutMs, Session.SessionId, password ?? Session.Password, ReadOnly: false));

    public async Task SendAsync(byte[] bytes) => await _stream.WriteAsync(bytes);

    /// <summary>Sends a request without waiting; returns its xid.</summary>
    public async Task<int> SendAsync(OpCode type, Action<JuteWriter> body, int? xid = null)
    {
        using var writer = new JuteWriter();
        int frame = writer.BeginFrame();
        new RequestHeader(xid ?? ++_xid, type).Write(writer);
        body(writer);
        writer.EndFrame(frame);
        await SendAsync(writer.WrittenSpan.ToArray());
        return xid ?? _xid;
    }

    /// <summary>Sends a request and returns the next frame that comes, which must be its reply.</summary>
    public async Task<(ReplyHeader Header, byte[] Body)> CallAsync(OpCode type, Action<JuteWriter> body, int? xid = null)
    {
        int sent = await SendAsync(type, body, xid);
        (ReplyHeader header, byte[] rest) = await NextAsync();
        Assert.Equal(sent, header.Xid);
        return (header, rest);
    }

    public async Task<(ReplyHeader Header, byte[] Body)> NextAsync()
    {
        byte[] frame = _events.TryDequeue(out byte[]? kept) ? kept : await ReceiveAsync() ?? throw new InvalidOperationException("The server closed the connection.");
        var reader = new JuteReader(frame);
        return (ReplyHeader.Read(ref reader), frame[ReplyHeader.Size..]);
    }

    public async Task<WatchEvent> NextEventAsync()
    {
        (ReplyHeader header, byte[] body) = await NextAsync();
        Assert.Equal(ReservedXid.Notification, header.Xid);
        var reader = new JuteReader(body);
        return WatchEvent.Read(ref reader);
    }

    /// <summary>Sends a ping and waits for its answer; events that come before it are kept for <see cref="NextEventAsync"/>.</summary>
    public async Task PingAsync()
    {
        await SendAsync(OpCode.Ping, Bodies.None, ReservedXid.Ping);
        for (byte[]? frame = await ReceiveAsync(); ; frame = await ReceiveAsync())
        {
            var reader = new JuteReader(frame ?? throw new InvalidOperationException("The server closed the connection."));
            if (ReplyHeader.Read(ref reader).Xid == ReservedXid.Ping)
            {
                return;
            }

            _events.Enqueue(frame);
        }
    }

    /// <summary>What a request is answered with, when only that matters.</summary>
    public async Task<ErrorCode> ErrorOfAsync(OpCode type, Action<JuteWriter> body) => (await CallAsync(type, body)).Header.Error;

    public async Task<bool> IsClosedAsync() => await ReceiveAsync() is null;

    /// <summary>The next frame without its length; null when the server has closed.</summary>
    public async Task<byte[]?> ReceiveAsync()
    {
        byte[]? prefix = await ReadAsync(sizeof(int));
        return prefix is null ? null : await ReadAsync(BinaryPrimitives.ReadInt32BigEndian(prefix));
    }

    /// <summary>Tells the server that nothing more comes; it may still answer.</summary>
    public void EndSending() => _socket.Client.Shutdown(SocketShutdown.Send);

    /// <summary>Reads some bytes of whatever kind; false when the server has closed.</summary>
    public async Task<bool> ReceiveAnyAsync()
    {
        using var deadline = new CancellationTokenSource(Patience);
        return await _stream.ReadAsync(new byte[4096], deadline.Token) > 0;
    }

    public async Task<string> ReadToEndAsync()
    {
        using var reader = new StreamReader(_stream);
        return await reader.ReadToEndAsync().WaitAsync(Patience);
    }

    public void Dispose()
    {
        _stream.Dispose();
        _socket.Dispose();
    }

    private async Task<byte[]?> ReadAsync(int length)
    {
        byte[] bytes = new byte[length];
        using var deadline = new CancellationTokenSource(Patience);
        try
        {
            int read = await _stream.ReadAtLeastAsync(bytes, length, throwOnEndOfStream: false, deadline.Token);
            return read < length ? null : bytes;
        }
        catch (IOException)
        {
            return null; // a reset is a close, too
        }
    }
}
