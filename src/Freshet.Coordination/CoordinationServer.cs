using Freshet.Coordination.Admin;
using Freshet.Coordination.Access;
using Freshet.Coordination.Connections;
using Freshet.Coordination.Requests;
using Freshet.Coordination.Sessions;
using Freshet.Coordination.Snapshots;
using Freshet.Coordination.Transactions;
using Freshet.Coordination.Tree;
using Freshet.Coordination.Watches;
using Freshet.Protocol.Jute;
using Freshet.Protocol.Jute.Messages;

namespace Freshet.Coordination;

/// <summary>The parts of a serving server, and the sequence they share. Everything but the constructor is used in sequence.</summary>
internal sealed class CoordinationServer : IStateEvents, IDisposable
{
    private readonly Handshake _handshake;
    private readonly TaskCompletionSource<Exception> _failure = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConnectionLimits _limits;

    public CoordinationServer(CoordinationOptions options, ReplicatedState state, EventHistory history, SessionPasswords passwords, CoordinationLog log, TimeProvider time)
    {
        (Options, State, Log) = (options, state, log);
        TickMs = (int)options.TickTime.TotalMilliseconds;
        Time = time;
        Clock = new MonotonicClock(time);
        BatchClock = new BatchClock(time);
        Connections = new OpenConnections(BatchClock);
        Sequencer = new Sequencer(Connections.Flush, Fail);
        Watches = new WatchTable(history);
        Pipeline = new TransactionPipeline(state, this, time);
        Expiry = new SessionExpiry(TickMs);
        Schemes = new AuthenticationSchemes(options);
        SessionTimeouts = new SessionTimeouts(options);
        _limits = new ConnectionLimits(options, Log, Clock);
        Writes = new WriteGate(Log);
        Frames = new FrameReader(options.MaxRequestBytes);
        Requests = new RequestProcessor(this);
        Snapshots = new Snapshotter(this);
        _handshake = new Handshake(this, passwords);
        RestartTimeouts();
    }

    public CoordinationOptions Options { get; }

    public ReplicatedState State { get; }

    public CoordinationLog Log { get; }

    public TimeProvider Time { get; }

    public MonotonicClock Clock { get; }

    public BatchClock BatchClock { get; }

    public ServerStatistics Statistics { get; } = new();

    public OpenConnections Connections { get; }

    public Sequencer Sequencer { get; }

    public TransactionPipeline Pipeline { get; }

    public WatchTable Watches { get; }

    public SessionExpiry Expiry { get; }

    public AuthenticationSchemes Schemes { get; }

    public SessionTimeouts SessionTimeouts { get; }

    public WriteGate Writes { get; }

    public FrameReader Frames { get; }

    public RequestProcessor Requests { get; }

    public Snapshotter Snapshots { get; }

    public int TickMs { get; }

    /// <summary>Writes decided and not yet answered.</summary>
    public long OutstandingRequests => Pipeline.LastProposed - State.LastZxid;

    /// <summary>Kept for administrators that set and read it; nothing here is traced by it. The first value is ZooKeeper's.</summary>
    public long TraceMask { get; set; } = 306;

    /// <summary>What monitoring calls the server's state.</summary>
    public string StateName => Writes.IsFull ? "read-only" : "standalone";

    /// <summary>False before recovery is over and after a failure: connections are closed without an answer.</summary>
    public bool IsServing { get; set; }

    /// <summary>Completes when the server cannot go on, with the reason.</summary>
    public Task<Exception> Failure => _failure.Task;

    /// <summary>Whether the disk is so far behind that nobody's requests are read for now.</summary>
    public bool IsSaturated => Pipeline.PendingBytes > Options.MaxPendingJournalBytes;

    public void Attach(ClientConnection connection)
    {
        Connections.Add(connection);
        if (!_limits.Admit(connection) || !IsServing)
        {
            connection.Close();
        }
    }

    /// <summary>Forgets a connection that has ended. Its session waits for the client to come back.</summary>
    public void Detach(ClientConnection connection)
    {
        connection.Discard();
        Connections.Remove(connection);
        _limits.Release(connection);
        Watches.RemoveAll(connection);
        if (connection.Session is Session session && session.Connection == connection)
        {
            session.Connection = null;
        }
    }

    /// <summary>Receives the first frame of a connection.</summary>
    public void ReceiveHandshake(ClientConnection connection, ReadOnlySpan<byte> frame) => _handshake.Receive(connection, frame);

    /// <summary>Receives a request.</summary>
    /// <param name="body">What follows the header.</param>
    public void Receive(ClientConnection connection, Session session, in RequestHeader header, ReadOnlySpan<byte> body)
    {
        if (!session.IsClosing)
        {
            Touch(session);
        }

        Requests.Receive(connection, header, body);
    }

    public void Touch(Session session) => Expiry.Touch(session, BatchClock.Milliseconds);

    /// <summary>Starts every session's timeout anew: after a start, and after a pause of the server itself.</summary>
    public void RestartTimeouts()
    {
        foreach (Session session in State.Sessions.All)
        {
            if (!session.IsClosing)
            {
                Touch(session);
            }
        }
    }

    /// <summary>Applies what has become durable.</summary>
    /// <param name="synced">How long the disk took; null when writes are not forced.</param>
    public void Commit(long durableZxid, TimeSpan? synced)
    {
        if (synced is TimeSpan took)
        {
            Statistics.Synced(took);
        }

        if (IsServing)
        {
            Writes.Passed();
            Pipeline.Commit(durableZxid);
            Snapshots.TakeWhenDue();
            Connections.ResumeAll();
        }
    }

    /// <summary>
    /// The journal has no space: what is in flight is refused, and further writes for a while. Clients are told that the server is
    /// read-only, which it is; every one since 3.4 knows the error, and none takes its session for lost.
    /// </summary>
    public void RefuseWrites(Exception noSpace)
    {
        if (!IsServing)
        {
            return;
        }

        Writes.Shut(noSpace);
        foreach (Session session in State.Sessions.All)
        {
            session.IsClosing = false; // its end was in flight; it lives on until a later one
        }

        Pipeline.Abandon(ErrorCode.NotReadOnly);
        RestartTimeouts();
        Connections.ResumeAll();
    }

    /// <summary>After this nothing is acknowledged any more and every connection is closed.</summary>
    public void Fail(Exception failure)
    {
        if (IsServing)
        {
            Log.Failed(failure);
            _failure.TrySetResult(failure);
        }

        Stop();
    }

    public void Stop()
    {
        IsServing = false;
        Connections.CloseAll();
    }

    public void Created(string path, Znode znode, in Moment at) => Watches.Created(path, znode, at);

    public void Deleted(string path, Znode znode, in Moment at) => Watches.Deleted(path, znode, at);

    public void DataChanged(string path, Znode znode, in Moment at) => Watches.DataChanged(path, znode, at);

    public void Swallowed(in Moment at) => Watches.History.Forget(at.Zxid);

    public void SessionClosed(Session session)
    {
        session.IsClosing = true;
        Expiry.Remove(session);
        session.Connection?.Close();
    }

    public void Dispose()
    {
        Pipeline.Dispose();
        Requests.Dispose();
    }
}
