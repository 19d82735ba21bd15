using System.Buffers;
using System.Diagnostics;
using System.IO.Pipelines;
using System.Net;
using System.Threading.Tasks.Sources;
using Freshet.Coordination.Access;
using Freshet.Coordination.Admin;
using Freshet.Coordination.Requests.Writes;
using Freshet.Coordination.Sessions;
using Freshet.Protocol.Jute;
using Freshet.Protocol.Jute.Messages;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace Freshet.Coordination.Connections;

/// <summary>
/// One client's connection. Its own task only receives; everything else here is used in sequence. Answers leave in the
/// order of the requests: a request behind a write that is still on its way waits in line.
/// </summary>
internal sealed class ClientConnection : ISequenced, IValueTaskSource
{
    private static readonly TimeSpan PatienceAtTheEnd = TimeSpan.FromSeconds(2);

    private readonly ConnectionContext _transport;
    private readonly CoordinationServer _server;
    private readonly Queue<WaitingRequest> _waiting = new();
    private ManualResetValueTaskSourceCore<bool> _processed = new() { RunContinuationsAsynchronously = true };
    private ReadOnlySequence<byte> _input;
    private RequestMark _current;
    private DigestMd5Exchange? _sasl;
    private bool _isDetached;
    private bool _hasGap;

    public ClientConnection(ConnectionContext transport, CoordinationServer server)
    {
        (_transport, _server) = (transport, server);
        Sender = new ReplySender(transport.Transport.Output, server.Sequencer, () => server.Resume(this));
        Identities = new Identities(server.Schemes, transport);
        OpenedAt = server.Clock.Now;
        EstablishedAt = server.Time.GetUtcNow();
        Statistics = new ConnectionStatistics(server.Statistics);
    }

    public ReplySender Sender { get; }

    /// <summary>The session; null until the handshake is complete.</summary>
    public Session? Session { get; set; }

    /// <summary>Who the client is, as far as it has proved it.</summary>
    public Identities Identities { get; }

    /// <summary>True while the session request waits for the log. Nothing behind it may be processed.</summary>
    public bool IsHandshaking { get; set; }

    /// <summary>True from the decision to close: nothing more is processed, what is unsent still goes out.</summary>
    public bool IsClosing { get; private set; }

    /// <summary>When the connection was accepted, on the server's clock.</summary>
    public long OpenedAt { get; }

    /// <summary>True while output is in line for the flush after this batch.</summary>
    public bool IsDirty { get; set; }

    /// <summary>When the connection was accepted, by the calendar.</summary>
    public DateTimeOffset EstablishedAt { get; }

    public ConnectionStatistics Statistics { get; }

    public int WaitingCount => _waiting.Count;

    public bool HasWaiting => _waiting.Count > 0;

    /// <summary>Where the client is; null in this process.</summary>
    public EndPoint? RemoteEndPoint => _transport.RemoteEndPoint;

    /// <summary>The client's address, for the log.</summary>
    public string RemoteAddress => RemoteEndPoint?.ToString() ?? "in process";

    /// <summary>Whether it came through the port with TLS.</summary>
    public bool IsSecure => _transport.Features.Get<ITlsConnectionFeature>() is not null;

    private bool IsSaturated => IsHandshaking || _waiting.Count >= _server.Options.MaxOutstandingRequests
        || Sender.Unsent.Length > _server.Options.MaxUnsentBytes || _server.IsSaturated;

    /// <summary>Receives until either side closes.</summary>
    public async Task ReceiveAsync()
    {
        PipeReader input = _transport.Transport.Input;
        try
        {
            while (!IsClosing)
            {
                ReadResult read = await input.ReadAsync(_transport.ConnectionClosed).ConfigureAwait(false);
                if (read.IsCanceled)
                {
                    break;
                }

                _input = read.Buffer;
                await ProcessAsync().ConfigureAwait(false);
                input.AdvanceTo(_input.Start, _input.End);
                if (read.IsCompleted)
                {
                    break;
                }
            }
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException)
        {
            // The client or the listener ended the connection; the session lives on until it expires.
        }
    }

    /// <summary>Processes the input that has arrived, as far as limits allow; the rest follows with <see cref="Resume"/>.</summary>
    public void Run() => Resume();

    /// <summary>Goes on with input that had to wait.</summary>
    public void Resume()
    {
        try
        {
            while (!IsClosing)
            {
                if (IsSaturated)
                {
                    _server.Park(this);
                    return;
                }

                if (Session is null && FourLetterWord.Begins(_input))
                {
                    AnswerWord();
                    break;
                }

                if (!_server.Frames.TryTake(ref _input, out ReadOnlySpan<byte> frame))
                {
                    break;
                }

                Receive(frame);
            }
        }
        catch (JuteException nonsense)
        {
            _server.Log.ConnectionTalksNonsense(RemoteAddress, nonsense.Message);
            Close();
        }

        _processed.SetResult(true);
    }

    /// <summary>Puts a write in line; its answer comes with <see cref="Complete"/>.</summary>
    public void Enqueue(OperationReply write) => _waiting.Enqueue(new WaitingRequest(write, null, 0, _current));

    /// <summary>Puts any other request in line behind the writes before it.</summary>
    public void Enqueue(ReadOnlySpan<byte> body)
    {
        byte[] copy = ArrayPool<byte>.Shared.Rent(body.Length);
        body.CopyTo(copy);
        _waiting.Enqueue(new WaitingRequest(null, copy, body.Length, _current));
    }

    /// <summary>Answers the write that is first in line, then what waited behind it.</summary>
    public void Complete(OperationReply write)
    {
        if (_isDetached)
        {
            return;
        }

        // A connection that closes answers no more reads, so some may be left in front; and then nothing behind them, or answers would
        // come out of order.
        WaitingRequest first = _waiting.Dequeue();
        while (first.Body is not null)
        {
            ArrayPool<byte>.Shared.Return(first.Body);
            first = _waiting.Dequeue();
            _hasGap = true;
        }

        Debug.Assert(first.Write == write, "Writes are applied in the order they were decided in.");
        if (_hasGap)
        {
            return;
        }

        int before = Sender.Unsent.Length;
        write.WriteTo(Sender.Unsent);
        CountAnswer(first.Mark, before);
        while (!IsClosing && _waiting.TryPeek(out WaitingRequest next) && next.Body is byte[] body)
        {
            _waiting.Dequeue();
            before = Sender.Unsent.Length;
            _server.Requests.Answer(this, next.Mark.Header, body.AsSpan(0, next.Length));
            CountAnswer(next.Mark, before);
            ArrayPool<byte>.Shared.Return(body);
        }

        _server.MarkDirty(this);
    }

    /// <summary>Sends a watch event to a client that may read what changed.</summary>
    public void Notify(in WatchEvent watchEvent, AclList? acl, long zxid, int xid = ReservedXid.Notification)
    {
        if (IsClosing || !MayRead(acl))
        {
            return;
        }

        int frame = Sender.Unsent.BeginFrame();
        new ReplyHeader(xid, zxid, ErrorCode.Ok).Write(Sender.Unsent);
        watchEvent.Write(Sender.Unsent);
        Sender.Unsent.EndFrame(frame);
        Statistics.Sent(Sender.Unsent.Length - frame);
        _server.MarkDirty(this);
    }

    /// <summary>Whether this client may read a znode with the list; one that does not exist hides nothing.</summary>
    public bool MayRead(AclList? acl) => acl is null || Identities.Allow(acl, AclPermissions.Read);

    /// <summary>Adds the identity that the credentials prove; false when they prove none.</summary>
    public bool Authenticate(string? scheme, ReadOnlySpan<byte> credentials)
    {
        IAuthenticationProvider? provider = scheme is null ? null : _server.Schemes.Find(scheme);
        if (provider?.Authenticate(_transport, credentials) is string id)
        {
            Identities.Add(new Identity(provider, id));
            return true;
        }

        _server.Log.AuthenticationFailed(RemoteAddress, scheme);
        return false;
    }

    /// <summary>Takes the next token of a SASL exchange, or the first of a new one; null when it has failed.</summary>
    public byte[]? ContinueSasl(ReadOnlySpan<byte> token)
    {
        SaslScheme sasl = _server.Schemes.Sasl;
        _sasl ??= sasl.Begin();
        byte[]? answer = _sasl?.Next(token);
        if (answer is null)
        {
            _server.Log.AuthenticationFailed(RemoteAddress, sasl.Scheme);
        }
        else if (_sasl!.User is string user)
        {
            Identities.Add(new Identity(sasl, user));
            _sasl = null;
        }

        return answer;
    }

    /// <summary>Closes the connection once what is unsent has left.</summary>
    public void Close()
    {
        if (IsClosing)
        {
            return;
        }

        IsClosing = true;
        _server.MarkDirty(this);
        _server.Resume(this);
    }

    /// <summary>Flushes, and ends a connection that is to be closed or whose client does not read.</summary>
    public void Flush()
    {
        if (_isDetached)
        {
            return;
        }

        Sender.Flush();
        if (Sender.Unsent.Length > _server.Options.MaxUnsentBytesBeforeClose)
        {
            _server.Log.ClientDoesNotRead(RemoteAddress, Sender.Unsent.Length);
            _transport.Abort();
        }
        else if (IsClosing)
        {
            _transport.Transport.Input.CancelPendingRead();
        }
    }

    /// <summary>Sends what is left, once the server has forgotten the connection; a client that does not take it is cut off.</summary>
    public async Task FinishAsync()
    {
        try
        {
            await Sender.FinishAsync().WaitAsync(PatienceAtTheEnd).ConfigureAwait(false);
        }
        catch (Exception gone) when (gone is IOException or TimeoutException or InvalidOperationException)
        {
            _transport.Abort();
        }
    }

    /// <summary>Lets go of everything pooled. Nothing is sent after this.</summary>
    public void Discard()
    {
        IsClosing = _isDetached = true;
        Sender.Stop();
        while (_waiting.TryDequeue(out WaitingRequest waiting))
        {
            if (waiting.Body is not null)
            {
                ArrayPool<byte>.Shared.Return(waiting.Body);
            }
        }
    }

    void IValueTaskSource.GetResult(short token) => _processed.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _processed.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _processed.OnCompleted(continuation, state, token, flags);

    private void Receive(ReadOnlySpan<byte> frame)
    {
        Statistics.Received(frame.Length + JuteFrame.PrefixBytes);
        if (Session is not Session session)
        {
            _server.Statistics.ConnectionRequests++;
            _server.ReceiveHandshake(this, frame);
            return;
        }

        var reader = new JuteReader(frame);
        RequestHeader header = RequestHeader.Read(ref reader);
        _current = new RequestMark(header.Xid, header.Type, _server.BatchClock.Microseconds);
        (int waiting, int before) = (_waiting.Count, Sender.Unsent.Length);
        _server.Receive(this, session, header, frame[RequestHeader.Size..]);
        if (_waiting.Count == waiting)
        {
            CountAnswer(_current, before);
        }
    }

    private void CountAnswer(in RequestMark request, int unsentBefore) =>
        Statistics.Answered(request, _server.State.LastZxid, Sender.Unsent.Length - unsentBefore);

    /// <summary>Answers a four-letter word once all of it is here, and closes.</summary>
    private void AnswerWord()
    {
        if (FourLetterWord.TryTake(ref _input, out string word, out long argument))
        {
            Statistics.Received(FourLetterWord.Length);
            FourLetterWord.Answer(word, argument, _server, Sender.Unsent);
            Close();
        }
    }

    private ValueTask ProcessAsync()
    {
        _processed.Reset();
        var processed = new ValueTask(this, _processed.Version);
        _server.Sequencer.Post(this);
        return processed;
    }
}
