using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;

namespace Freshet.Node.Sockets;

/// <summary>
/// A TCP connection as two pipes. Kestrel's own receives 4 KiB at a time, with two calls into the kernel each; this one's buffer grows
/// while the client fills it, and a silent client holds none. The service runs on the thread that a socket's completion comes on.
/// </summary>
internal sealed class SocketConnection : DefaultConnectionContext
{
    private const int MinReceived = 4 << 10;
    private const int MaxReceived = 64 << 10;

    /// <summary>How long a client may take for the rest of what it was sent, once the service is done with it.</summary>
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(5);

    // The bounds of what waits in each direction are Kestrel's: a client that floods, or does not read, only slows itself.
    private static readonly PipeOptions ReceivedOptions = Inline(pauseAt: 1 << 20, MinReceived);
    private static readonly PipeOptions SendingOptions = Inline(pauseAt: 64 << 10, segment: 16 << 10);

    private readonly Socket _socket;
    private readonly Pipe _received = new(ReceivedOptions);
    private readonly Pipe _sending = new(SendingOptions);
    private readonly CancellationTokenSource _closed = new();
    private readonly List<ArraySegment<byte>> _pieces = [];
    private Task _transfers = Task.CompletedTask;

    public SocketConnection(Socket socket) : base(Guid.NewGuid().ToString("N"))
    {
        _socket = socket;
        Transport = new DuplexPipe(_received.Reader, _sending.Writer);
        ConnectionClosed = _closed.Token;
        LocalEndPoint = socket.LocalEndPoint;
        RemoteEndPoint = socket.RemoteEndPoint;
    }

    /// <summary>Begins to receive and send.</summary>
    public void Start() => _transfers = Task.WhenAll(ReceiveAsync(), SendAsync());

    public override void Abort(ConnectionAbortedException abortReason)
    {
        Shutdown();
        _sending.Reader.CancelPendingRead();
    }

    /// <summary>Sends what the service wrote and closes.</summary>
    public override async ValueTask DisposeAsync()
    {
        await _received.Reader.CompleteAsync().ConfigureAwait(false);
        await _sending.Writer.CompleteAsync().ConfigureAwait(false);
        await _transfers.WaitAsync(Linger).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _socket.Dispose();
        await _transfers.ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    private static PipeOptions Inline(int pauseAt, int segment) =>
        new(null, PipeScheduler.Inline, PipeScheduler.Inline, pauseAt, pauseAt / 2, segment, useSynchronizationContext: false);

    private static bool IsEndOfSocket(Exception failure) => failure is SocketException or ObjectDisposedException;

    private async Task ReceiveAsync()
    {
        Exception? failure = null;
        try
        {
            await FillAsync(_received.Writer).ConfigureAwait(false);
        }
        catch (SocketException reset) when (reset.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionAborted)
        {
            failure = new ConnectionResetException(reset.Message, reset);
        }
        catch (Exception end) when (IsEndOfSocket(end))
        {
            failure = new ConnectionAbortedException(end.Message, end);
        }

        await _received.Writer.CompleteAsync(failure).ConfigureAwait(false);
        await _closed.CancelAsync().ConfigureAwait(false);
    }

    /// <summary>Receives until the client has no more to send or the service reads no more.</summary>
    private async Task FillAsync(PipeWriter received)
    {
        int expected = MinReceived;
        FlushResult flushed;
        do
        {
            if (expected == MinReceived)
            {
                // Completes when there is something to receive, and needs no buffer until then.
                await _socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None).ConfigureAwait(false);
            }

            Memory<byte> room = received.GetMemory(expected);
            int count = await _socket.ReceiveAsync(room, SocketFlags.None).ConfigureAwait(false);
            if (count == 0)
            {
                return;
            }

            received.Advance(count);
            expected = count == room.Length ? Math.Min(4 * expected, MaxReceived) : MinReceived;
            flushed = await received.FlushAsync().ConfigureAwait(false);
        }
        while (!flushed.IsCompleted && !flushed.IsCanceled);
    }

    private async Task SendAsync()
    {
        try
        {
            await DrainAsync(_sending.Reader).ConfigureAwait(false);
        }
        catch (Exception end) when (IsEndOfSocket(end))
        {
            // The client is gone; the receiving side says so.
        }

        Shutdown();
        await _sending.Reader.CompleteAsync().ConfigureAwait(false);
        _received.Writer.CancelPendingFlush();
    }

    /// <summary>Sends until the service has no more, or the connection is aborted.</summary>
    private async Task DrainAsync(PipeReader sending)
    {
        ReadResult read;
        do
        {
            read = await sending.ReadAsync().ConfigureAwait(false);
            if (read.IsCanceled)
            {
                return;
            }

            if (read.Buffer.IsSingleSegment)
            {
                await _socket.SendAsync(read.Buffer.First, SocketFlags.None).ConfigureAwait(false);
            }
            else
            {
                await SendTogetherAsync(read.Buffer).ConfigureAwait(false);
            }

            sending.AdvanceTo(read.Buffer.End);
        }
        while (!read.IsCompleted);
    }

    private Task<int> SendTogetherAsync(ReadOnlySequence<byte> buffer)
    {
        _pieces.Clear();
        foreach (ReadOnlyMemory<byte> piece in buffer)
        {
            MemoryMarshal.TryGetArray(piece, out ArraySegment<byte> array);
            _pieces.Add(array);
        }

        return _socket.SendAsync(_pieces, SocketFlags.None);
    }

    private void Shutdown()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception end) when (IsEndOfSocket(end))
        {
            // It is closed already.
        }
    }
}
