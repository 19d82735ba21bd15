using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Freshet.Tests.Support;

/// <summary>A network that misbehaves on demand: forwards connections to a server, cuts them, refuses them, or swallows their bytes.</summary>
public sealed class TcpProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<Socket, bool> _open = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _swallowed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int _target;
    private readonly Task _accepting;
    private volatile bool _refusing;
    private int _frozenBefore;
    private int _accepted;
    private long _bytesUntilCut = long.MaxValue;

    /// <param name="address">The server, as <c>127.0.0.1:port</c>.</param>
    public TcpProxy(string address)
    {
        _target = IPEndPoint.Parse(address).Port;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Where to connect instead of to the server.</summary>
    public string Address => _listener.LocalEndpoint.ToString()!;

    /// <summary>Connections accepted so far.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>Completes when bytes came through a frozen connection and went nowhere.</summary>
    public Task Swallowed => _swallowed.Task;

    /// <summary>Breaks every connection.</summary>
    public void Cut()
    {
        foreach (Socket connection in _open.Keys)
        {
            connection.Close(0);
        }
    }

    /// <summary>Breaks the connection that this many more bytes have come through from the server, right behind them.</summary>
    public void CutAfter(int bytes) => Interlocked.Exchange(ref _bytesUntilCut, bytes);

    /// <summary>Breaks every connection, and each new one until <see cref="Allow"/>.</summary>
    public void Refuse()
    {
        _refusing = true;
        Cut();
    }

    /// <summary>Forwards again.</summary>
    public void Allow() => _refusing = false;

    /// <summary>The connections of now stay open, but nothing gets through them any more.</summary>
    public void Freeze() => Volatile.Write(ref _frozenBefore, Accepted);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        Cut();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                TcpClient client = await _listener.AcceptTcpClientAsync(_stop.Token);
                int number = Interlocked.Increment(ref _accepted);
                _ = ServeAsync(client, number);
            }
            catch (Exception stopped) when (stopped is OperationCanceledException or SocketException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(TcpClient client, int number)
    {
        using (client)
        using (var server = new TcpClient())
        {
            (Socket near, Socket far) = (client.Client, server.Client);
            _open[near] = true;
            _open[far] = true;
            try
            {
                if (!_refusing)
                {
                    await server.ConnectAsync(IPAddress.Loopback, _target, _stop.Token);
                    client.NoDelay = server.NoDelay = true;
                    await Task.WhenAny(ForwardAsync(client, server, number, toClient: false), ForwardAsync(server, client, number, toClient: true));
                }
            }
            catch (Exception broken) when (broken is SocketException or IOException or ObjectDisposedException or OperationCanceledException or InvalidOperationException)
            {
                // That is what this class is for.
            }
            finally
            {
                _open.TryRemove(near, out _);
                _open.TryRemove(far, out _);
            }
        }
    }

    private async Task ForwardAsync(TcpClient from, TcpClient to, int number, bool toClient)
    {
        byte[] buffer = new byte[16 * 1024];
        NetworkStream input = from.GetStream();
        NetworkStream output = to.GetStream();
        for (int count = -1; count != 0;)
        {
            count = await input.ReadAsync(buffer, _stop.Token);
            int allowed = toClient ? Spend(count) : count;
            if (allowed < count)
            {
                await output.WriteAsync(buffer.AsMemory(0, allowed), _stop.Token);
                return;
            }

            if (number > Volatile.Read(ref _frozenBefore))
            {
                await output.WriteAsync(buffer.AsMemory(0, count), _stop.Token);
            }
            else if (count > 0)
            {
                _swallowed.TrySetResult();
            }
        }
    }

    /// <summary>How many of these bytes may still go to the client.</summary>
    private int Spend(int bytes)
    {
        long left = Interlocked.Add(ref _bytesUntilCut, -bytes) + bytes;
        if (left >= bytes)
        {
            return bytes;
        }

        Interlocked.Exchange(ref _bytesUntilCut, long.MaxValue);
        return (int)Math.Max(0, left);
    }
}
