using System.Net;
using Freshet.Coordination.Access;
using Freshet.Coordination.Requests.Writes;
using Freshet.Coordination.Sessions;
using Freshet.Protocol.Jute;
using Freshet.Protocol.Jute.Messages;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace Freshet.Coordination.Connections;

/// <summary>
/// One client's connection. All here is used in sequence. Answers leave in the order of the requests: a request behind a write that is
/// still on its way waits in line.
/// </summary>
internal sealed class ClientConnection
{
    private static readonly TimeSpan PatienceAtTheEnd = TimeSpan.FromSeconds(2);

    private readonly ConnectionContext _transport;
    private readonly CoordinationServer _server;
    private RequestMark _current;
    private bool _isDetached;

    public ClientConnection(ConnectionContext transport, CoordinationServer server)
    {
        (_transport, _server) = (transport, server);
        Input = new ConnectionInput(this, transport, server);
        Sender = new ReplySender(transport.Transport.Output, server.Sequencer, () => server.Connections.Resume(this));
        Identities = new Identities(server.Schemes, transport);
        Login = new Login(this, transport, server);
        OpenedAt = server.Clock.Now;
        EstablishedAt = server.Time.GetUtcNow();
        Statistics = new ConnectionStatistics(server.Statistics);
    }

    public ConnectionInput Input { get; }

    public ReplySender Sender { get; }

    /// <summary>The session; null until the handshake is complete.</summary>
    public Session? Session { get; set; }

    /// <summary>Who the client is, as far as it has proved it.</summary>
    public Identities Identities { get; }

    /// <summary>How it proves that.</summary>
    public Login Login { get; }

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

    /// <summary>The requests that cannot be answered yet.</summary>
    public WaitingLine Waiting { get; } = new();

    /// <summary>Where the client is; null in this process.</summary>
    public EndPoint? RemoteEndPoint => _transport.RemoteEndPoint;

    /// <summary>The client's address, for the log.</summary>
    public string RemoteAddress => RemoteEndPoint?.ToString() ?? "in process";

    /// <summary>Whether it came through the port with TLS.</summary>
    public bool IsSecure => _transport.Features.Get<ITlsConnectionFeature>() is not null;

    /// <summary>Whether limits ask for a pause: nothing more of the input is processed for now.</summary>
    public bool IsSaturated => IsHandshaking || Waiting.Count >= _server.Options.MaxOutstandingRequests
        || Sender.Unsent.Length > _server.Options.MaxUnsentBytes || _server.IsSaturated;

    /// <summary>Takes one frame: the handshake, or a request.</summary>
    public void Receive(ReadOnlySpan<byte> frame)
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
        (int waiting, int before) = (Waiting.Count, Sender.Unsent.Length);
        _server.Receive(this, session, header, frame[RequestHeader.Size..]);
        if (Waiting.Count == waiting)
        {
            CountAnswer(_current, before);
        }
    }

    /// <summary>Puts a write in line; its answer comes with <see cref="Complete"/>.</summary>
    public void Enqueue(OperationReply write) => Waiting.Add(write, _current);

    /// <summary>Puts any other request in line behind the writes before it.</summary>
    public void Enqueue(ReadOnlySpan<byte> body) => Waiting.Add(body, _current);

    /// <summary>Answers the write that is first in line, then what waited behind it.</summary>
    public void Complete(OperationReply write)
    {
        if (_isDetached || !Waiting.TryTake(write, out RequestMark mark))
        {
            return;
        }

        int before = Sender.Unsent.Length;
        write.WriteTo(Sender.Unsent);
        CountAnswer(mark, before);
        while (!IsClosing && Waiting.TryTakeRead(out WaitingRequest read))
        {
            before = Sender.Unsent.Length;
            _server.Requests.Reads.Answer(this, read.Mark.Header, read.Body.AsSpan(0, read.Length));
            CountAnswer(read.Mark, before);
            read.Release();
        }

        _server.Connections.MarkDirty(this);
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
        _server.Connections.MarkDirty(this);
    }

    /// <summary>Whether this client may read a znode with the list; one that does not exist hides nothing.</summary>
    public bool MayRead(AclList? acl) => acl is null || Identities.Allow(acl, AclPermissions.Read);

    /// <summary>Closes the connection once what is unsent has left.</summary>
    public void Close()
    {
        if (IsClosing)
        {
            return;
        }

        IsClosing = true;
        _server.Connections.MarkDirty(this);
        _server.Connections.Resume(this);
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
            Input.EndReceiving();
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
        Waiting.Clear();
    }

    private void CountAnswer(in RequestMark request, int unsentBefore) =>
        Statistics.Answered(request, _server.State.LastZxid, Sender.Unsent.Length - unsentBefore);
}
