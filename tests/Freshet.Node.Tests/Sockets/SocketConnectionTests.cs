using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Freshet.Node.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Freshet.Node.Tests.Sockets;

/// <summary>What a service gets from a connection, with a bare socket on the other side.</summary>
public sealed class SocketConnectionTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly Socket _client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private IConnectionListener? _listener;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        if (_listener is not null)
        {
            await _listener.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(4097)]
    [InlineData(5_000_000)]
    public async Task Bytes_come_and_go_unchanged(int size)
    {
        await using ConnectionContext connection = await ConnectAsync();
        byte[] bytes = new byte[size];
        new Random(size).NextBytes(bytes);
        Task echo = EchoAsync(connection, size);
        Task sending = SendAllAsync(bytes);
        byte[] back = new byte[size];
        await ReceiveAllAsync(back);
        await Task.WhenAll(echo, sending);
        Assert.Equal(bytes, back);
    }

    [Fact]
    public async Task A_client_that_ends_is_noticed_by_a_service_that_does_not_read()
    {
        await using ConnectionContext connection = await ConnectAsync();
        await SendAllAsync([1, 2, 3]);
        _client.Shutdown(SocketShutdown.Send);
        await Cancelled(connection.ConnectionClosed);

        ReadResult rest = await connection.Transport.Input.ReadAtLeastAsync(4, Ct);
        Assert.Equal(3, rest.Buffer.Length);
        Assert.True(rest.IsCompleted);
    }

    [Fact]
    public async Task A_reset_is_reported_to_the_reader()
    {
        await using ConnectionContext connection = await ConnectAsync();
        _client.LingerState = new LingerOption(true, 0);
        _client.Close();
        await Assert.ThrowsAsync<ConnectionResetException>(async () => await connection.Transport.Input.ReadAsync(Ct));
        await Cancelled(connection.ConnectionClosed);
    }

    [Fact]
    public async Task A_flooding_client_is_held_back()
    {
        await using ConnectionContext connection = await ConnectAsync();
        // A send that never completes: neither the service's buffer nor the sockets' take everything.
        Task flood = SendAllAsync(new byte[256 << 20]);
        await Assert.ThrowsAsync<TimeoutException>(() => flood.WaitAsync(TimeSpan.FromSeconds(2), Ct));

        Task draining = DrainAsync(connection, 256 << 20);
        await Task.WhenAll(flood, draining).WaitAsync(Patience, Ct);
    }

    [Fact]
    public async Task What_was_written_arrives_before_the_end()
    {
        byte[] bytes = new byte[1_000_000];
        new Random(1).NextBytes(bytes);
        ConnectionContext connection = await ConnectAsync();
        ValueTask<FlushResult> writing = connection.Transport.Output.WriteAsync(bytes, Ct);
        byte[] back = new byte[bytes.Length];
        Task receiving = ReceiveAllAsync(back);
        await writing;
        await connection.DisposeAsync();
        await receiving;
        Assert.Equal(bytes, back);
        Assert.Equal(0, await _client.ReceiveAsync(new byte[1], Ct));
    }

    [Fact]
    public async Task A_client_that_does_not_read_is_left_in_the_end()
    {
        ConnectionContext connection = await ConnectAsync();
        ValueTask<FlushResult> writing = connection.Transport.Output.WriteAsync(new byte[32 << 20], Ct);
        await connection.DisposeAsync().AsTask().WaitAsync(Patience, Ct);
        Assert.True((await writing.AsTask().WaitAsync(Patience, Ct)).IsCompleted);
    }

    [Fact]
    public async Task An_aborted_connection_closes()
    {
        ConnectionContext connection = await ConnectAsync();
        connection.Abort(new ConnectionAbortedException("enough"));
        Assert.Equal(0, await _client.ReceiveAsync(new byte[1], Ct));
        await connection.DisposeAsync().AsTask().WaitAsync(Patience, Ct);
    }

    [Fact]
    public async Task A_closed_port_accepts_no_more()
    {
        await using ConnectionContext connection = await ConnectAsync();
        ValueTask<ConnectionContext?> next = _listener!.AcceptAsync(Ct);
        await _listener.UnbindAsync(Ct);
        Assert.Null(await next);
        Assert.Null(await _listener.AcceptAsync(Ct));
    }

    private static async Task EchoAsync(ConnectionContext connection, long size)
    {
        while (size > 0)
        {
            ReadResult read = await connection.Transport.Input.ReadAsync(Ct);
            foreach (ReadOnlyMemory<byte> piece in read.Buffer)
            {
                connection.Transport.Output.Write(piece.Span);
            }

            size -= read.Buffer.Length;
            connection.Transport.Input.AdvanceTo(read.Buffer.End);
            await connection.Transport.Output.FlushAsync(Ct);
        }
    }

    private static async Task DrainAsync(ConnectionContext connection, long size)
    {
        while (size > 0)
        {
            ReadResult read = await connection.Transport.Input.ReadAsync(Ct);
            size -= read.Buffer.Length;
            connection.Transport.Input.AdvanceTo(read.Buffer.End);
        }
    }

    private static async Task Cancelled(CancellationToken token)
    {
        var cancelled = new TaskCompletionSource();
        await using CancellationTokenRegistration registration = token.Register(cancelled.SetResult);
        await cancelled.Task.WaitAsync(Patience, Ct);
    }

    private async Task<ConnectionContext> ConnectAsync()
    {
        _listener = await new SocketListenerFactory().BindAsync(new IPEndPoint(IPAddress.Loopback, 0), Ct);
        ValueTask<ConnectionContext?> accepting = _listener.AcceptAsync(Ct);
        await _client.ConnectAsync(_listener.EndPoint, Ct);
        return (await accepting)!;
    }

    private async Task SendAllAsync(byte[] bytes)
    {
        for (int sent = 0; sent < bytes.Length;)
        {
            sent += await _client.SendAsync(bytes.AsMemory(sent), Ct);
        }
    }

    private async Task ReceiveAllAsync(byte[] bytes)
    {
        for (int received = 0; received < bytes.Length;)
        {
            int count = await _client.ReceiveAsync(bytes.AsMemory(received), Ct);
            Assert.True(count > 0, $"The connection ended after {received} of {bytes.Length} bytes.");
            received += count;
        }
    }
}
