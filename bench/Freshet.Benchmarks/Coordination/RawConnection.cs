using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Freshet.Protocol.Jute;
using Freshet.Protocol.Jute.Messages;

namespace Freshet.Benchmarks.Coordination;

/// <summary>
/// A session that speaks the wire protocol with blocking calls on its caller's thread and keeps a window of requests under
/// way, so that the load costs little beside the server it measures.
/// </summary>
internal sealed class RawConnection : IDisposable
{
    private const int SessionTimeoutMs = 30_000;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly JuteWriter _output = new(64 * 1024);
    private readonly byte[] _input = new byte[256 * 1024];
    private int _filled;
    private int _xid;

    public RawConnection(string address)
    {
        _socket.Connect(IPEndPoint.Parse(address));
        int frame = _output.BeginFrame();
        new ConnectRequest(0, SessionTimeoutMs, 0, new byte[ConnectRequest.PasswordLength], ReadOnly: false).Write(_output);
        _output.EndFrame(frame);
        Send();
        int length;
        while (!TryFrame(0, out length))
        {
            Receive();
        }

        Discard(sizeof(int) + length);
    }

    /// <summary>Makes requests numbered from 0 and waits for all replies.</summary>
    /// <param name="write">Writes the body of the request with that number.</param>
    /// <param name="latencies">Takes each request's time in Stopwatch ticks; one place per request.</param>
    public void Run(OpCode type, int window, Action<JuteWriter, int> write, Span<long> latencies)
    {
        long[] sentAt = new long[window];
        int sent = 0;
        int received = 0;
        int firstXid = _xid + 1;
        while (received < latencies.Length)
        {
            for (; sent < latencies.Length && sent - received < window; sent++)
            {
                Write(type, write, sent);
                sentAt[sent % window] = Stopwatch.GetTimestamp();
            }

            Send();
            Receive();
            received = TakeReplies(received, firstXid, sentAt, latencies);
        }
    }

    /// <summary>Closes the session.</summary>
    public void Dispose()
    {
        Span<long> one = stackalloc long[1];
        Run(OpCode.CloseSession, 1, (_, _) => { }, one);
        _socket.Dispose();
        _output.Dispose();
    }

    private void Write(OpCode type, Action<JuteWriter, int> write, int number)
    {
        int frame = _output.BeginFrame();
        new RequestHeader(++_xid, type).Write(_output);
        write(_output, number);
        _output.EndFrame(frame);
    }

    private int TakeReplies(int received, int firstXid, long[] sentAt, Span<long> latencies)
    {
        int taken = 0;
        long now = Stopwatch.GetTimestamp();
        while (TryFrame(taken, out int length))
        {
            var reader = new JuteReader(_input.AsSpan(taken + sizeof(int), length));
            ReplyHeader header = ReplyHeader.Read(ref reader);
            if (header.Xid != firstXid + received || header.Error != ErrorCode.Ok)
            {
                throw new InvalidOperationException($"Request {firstXid + received} was answered with xid {header.Xid} and {header.Error}.");
            }

            latencies[received] = now - sentAt[received % sentAt.Length];
            received++;
            taken += sizeof(int) + length;
        }

        Discard(taken);
        return received;
    }

    private bool TryFrame(int start, out int length)
    {
        length = _filled - start < sizeof(int) ? -1 : BinaryPrimitives.ReadInt32BigEndian(_input.AsSpan(start));
        return length >= 0 && _filled - start >= sizeof(int) + length;
    }

    private void Discard(int count)
    {
        _input.AsSpan(count, _filled - count).CopyTo(_input);
        _filled -= count;
    }

    private void Send()
    {
        for (int sent = 0; sent < _output.Length;)
        {
            sent += _socket.Send(_output.WrittenSpan[sent..]);
        }

        _output.Clear();
    }

    private void Receive()
    {
        int count = _socket.Receive(_input.AsSpan(_filled));
        _filled += count > 0 ? count : throw new EndOfStreamException("The server closed the connection.");
    }
}
