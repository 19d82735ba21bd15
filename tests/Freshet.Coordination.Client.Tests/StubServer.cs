using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Threading.Channels;
using Freshet.Protocol.Jute;
using Freshet.Protocol.Jute.Messages;

namespace Freshet.Coordination.Client.Tests;

/// <summary>A server's side of in-process connections, for answers that no sane server gives. Connections come one after another.</summary>
internal sealed class StubServer
{
    private readonly Channel<StubConnection> _connections = Channel.CreateUnbounded<StubConnection>();

    public CoordinationClientOptions Options(TimeSpan sessionTimeout) => new()
    {
        SessionTimeout = sessionTimeout,
        Transport = _ =>
        {
            var toServer = new Pipe();
            var toClient = new Pipe();
            _connections.Writer.TryWrite(new StubConnection(toServer.Reader, toClient.Writer));
            return ValueTask.FromResult<IDuplexPipe>(new ClientEnd(toClient.Reader, toServer.Writer));
        },
    };

    /// <summary>The next connection, its handshake read.</summary>
    public async Task<StubConnection> AcceptAsync()
    {
        using var deadline = new CancellationTokenSource(StubConnection.Patience);
        StubConnection connection = await _connections.Reader.ReadAsync(deadline.Token);
        await connection.ReadHandshakeAsync();
        return connection;
    }

    private sealed record ClientEnd(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}

/// <summary>One connection of a <see cref="StubServer"/>.</summary>
internal sealed class StubConnection(PipeReader input, PipeWriter output)
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public ConnectRequest Handshake { get; private set; }

    /// <summary>What followed the header of the last request read.</summary>
    public byte[] Body { get; private set; } = [];

    public async Task ReadHandshakeAsync()
    {
        byte[] frame = await ReadFrameAsync() ?? throw new EndOfStreamException();
        var reader = new JuteReader(frame);
        Handshake = ConnectRequest.Read(ref reader);
    }

    /// <summary>The next request that is no ping; null when the client closed the connection.</summary>
    public async Task<RequestHeader?> ReadRequestAsync()
    {
        while (await ReadFrameAsync() is byte[] frame)
        {
            var reader = new JuteReader(frame);
            RequestHeader header = RequestHeader.Read(ref reader);
            if (header.Type != OpCode.Ping)
            {
                Body = frame[RequestHeader.Size..];
                return header;
            }
        }

        return null;
    }

    public Task AttachAsync(long session, TimeSpan timeout) => WriteAsync(writer =>
        new ConnectResponse((int)timeout.TotalMilliseconds, session, new byte[ConnectRequest.PasswordLength], ReadOnly: false).Write(writer));

    public Task ReplyAsync(int xid, ErrorCode error, Action<JuteWriter>? body = null) => WriteAsync(writer =>
    {
        new ReplyHeader(xid, 1, error).Write(writer);
        body?.Invoke(writer);
    });

    public async Task WriteAsync(Action<JuteWriter> write)
    {
        using var writer = new JuteWriter();
        int frame = writer.BeginFrame();
        write(writer);
        writer.EndFrame(frame);
        await output.WriteAsync(writer.WrittenMemory);
    }

    public async Task WriteRawAsync(byte[] bytes) => await output.WriteAsync(bytes);

    public async Task CloseAsync()
    {
        await output.CompleteAsync();
        await input.CompleteAsync();
    }

    private async Task<byte[]?> ReadFrameAsync()
    {
        using var deadline = new CancellationTokenSource(Patience);
        ReadResult prefix = await input.ReadAtLeastAsync(sizeof(int), deadline.Token);
        if (prefix.Buffer.Length < sizeof(int))
        {
            return null;
        }

        int length = BinaryPrimitives.ReadInt32BigEndian(prefix.Buffer.Slice(0, sizeof(int)).ToArray());
        input.AdvanceTo(prefix.Buffer.GetPosition(sizeof(int)));
        ReadResult body = await input.ReadAtLeastAsync(length, deadline.Token);
        byte[] frame = body.Buffer.Slice(0, length).ToArray();
        input.AdvanceTo(body.Buffer.GetPosition(length));
        return frame;
    }
}
