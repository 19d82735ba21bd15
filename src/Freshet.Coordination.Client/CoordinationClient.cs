using Freshet.Coordination.Client.Connection;
using Freshet.Coordination.Client.Watches;
using Freshet.Protocol.Jute;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Freshet.Coordination.Client;

/// <summary>
/// A session with a ZooKeeper-compatible service: Freshet's or Apache's. Thread-safe. Requests are pipelined on one connection and
/// take effect in the order they were made. A lost connection is replaced and the session re-attached; requests that were under way then
/// fail with <see cref="ErrorCode.ConnectionLoss"/>, because their outcome is unknown. Every operation throws
/// <see cref="CoordinationException"/> when the service refuses it. Cancelling stops the waiting, not a request already sent.
/// </summary>
public sealed class CoordinationClient : IAsyncDisposable
{
    private readonly Session _session;
    private readonly ConnectString _connect;

    private CoordinationClient(CoordinationClientOptions options, ILogger logger, TimeProvider time)
    {
        _connect = ConnectString.Parse(options.ConnectString);
        _session = new Session(options, _connect, logger, time);
        Time = time;
    }

    /// <summary>The session's id; it stays the same across reconnects.</summary>
    public long SessionId => _session.Identity.Id;

    /// <summary>The negotiated session timeout.</summary>
    public TimeSpan SessionTimeout => _session.Identity.Timeout;

    /// <summary>Where the session stands now.</summary>
    public ConnectionState State => _session.State.Current;

    /// <summary>Cancelled when the session is over, by expiry or because the client was closed: its ephemeral znodes are gone.</summary>
    public CancellationToken SessionOver => _session.Over;

    internal TimeProvider Time { get; }

    /// <summary>Opens a session.</summary>
    /// <exception cref="CoordinationException"><see cref="ErrorCode.ConnectionLoss"/>: no server within the connect timeout.</exception>
    /// <exception cref="ArgumentException">The connect string is not valid.</exception>
    public static async ValueTask<CoordinationClient> ConnectAsync(
        CoordinationClientOptions options, ILoggerFactory? loggers = null, TimeProvider? time = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        time ??= TimeProvider.System;
        var client = new CoordinationClient(options, (loggers ?? NullLoggerFactory.Instance).CreateLogger<CoordinationClient>(), time);
        client._session.Start();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(options.ConnectTimeout);
        try
        {
            await foreach (ConnectionState state in client.StatesAsync(limit.Token).ConfigureAwait(false))
            {
                if (state == ConnectionState.Connected)
                {
                    return client;
                }
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
        }
        catch
        {
            await client._session.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        await client._session.DisposeAsync().ConfigureAwait(false);
        Exception? reason = client._session.LastFailure;
        throw new CoordinationException(
            ErrorCode.ConnectionLoss, $"No session with {options.ConnectString} within {options.ConnectTimeout.TotalSeconds} s: {reason?.Message ?? "no answer."}", reason);
    }

    /// <summary>The session's state now and whenever it changes; a slow reader sees the newest. Ends after a final state.</summary>
    public IAsyncEnumerable<ConnectionState> StatesAsync(CancellationToken cancellation = default) => _session.State.ReadAllAsync(cancellation);

    /// <summary>Creates a znode and returns its path, which a sequential mode ends with a number.</summary>
    public async ValueTask<string> CreateAsync(
        string path, ReadOnlyMemory<byte> data = default, CreateMode mode = CreateMode.Persistent, IReadOnlyList<Acl>? acl = null, CancellationToken cancellation = default) =>
        (await CreateWithStatAsync(path, data, mode, acl, cancellation).ConfigureAwait(false)).Path;

    /// <summary>Creates a znode and returns its path and stat, read in the same step.</summary>
    public ValueTask<CreatedZnode> CreateWithStatAsync(
        string path, ReadOnlyMemory<byte> data = default, CreateMode mode = CreateMode.Persistent, IReadOnlyList<Acl>? acl = null, CancellationToken cancellation = default)
    {
        JuteWriter body = BodyFor(path);
        body.WriteBuffer(data.Span);
        Acl.WriteList(body, acl ?? Acl.Open);
        body.WriteInt32((int)mode);
        OpCode type = mode == CreateMode.Container ? OpCode.CreateContainer : OpCode.Create2;
        return SendAsync(type, path, body, (ref JuteReader reader) => new CreatedZnode(_connect.ToClient(reader.ReadPath()), Stat.Read(ref reader)), cancellation);
    }

    /// <summary>Creates the persistent, empty znodes of a path that are missing.</summary>
    public async ValueTask CreatePathAsync(string path, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        for (int end = 0; end < path.TrimEnd('/').Length;)
        {
            int slash = path.IndexOf('/', end + 1);
            end = slash < 0 ? path.Length : slash;
            await CreateUnlessThereAsync(path[..end], cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Deletes a childless znode.</summary>
    /// <param name="version">Data version it must have; -1 for any.</param>
    public async ValueTask DeleteAsync(string path, int version = -1, CancellationToken cancellation = default)
    {
        JuteWriter body = BodyFor(path);
        body.WriteInt32(version);
        await SendAsync(OpCode.Delete, path, body, (ref JuteReader _) => true, cancellation).ConfigureAwait(false);
    }

    /// <summary>The znode's stat, or null when it does not exist.</summary>
    /// <param name="watch">Fires when the znode is created, changed or deleted after this read.</param>
    public async ValueTask<Stat?> ExistsAsync(string path, ZnodeWatch? watch = null, CancellationToken cancellation = default)
    {
        try
        {
            return await SendAsync(OpCode.Exists, path, BodyFor(path, watch), Stat.Read, cancellation, WatchFor(watch, WatchKind.Data, path, evenWhenMissing: true)).ConfigureAwait(false);
        }
        catch (CoordinationException missing) when (missing.Error == ErrorCode.NoNode)
        {
            return null;
        }
    }

    /// <summary>The znode's data and stat.</summary>
    /// <param name="watch">Fires when the znode is changed or deleted after this read; not set when the znode does not exist.</param>
    public ValueTask<ZnodeData> GetDataAsync(string path, ZnodeWatch? watch = null, CancellationToken cancellation = default) =>
        SendAsync(
            OpCode.GetData, path, BodyFor(path, watch), (ref JuteReader reader) => new ZnodeData(reader.ReadBytes(), Stat.Read(ref reader)),
            cancellation, WatchFor(watch, WatchKind.Data, path));

    /// <summary>Replaces the znode's data.</summary>
    /// <param name="version">Data version it must have; -1 for any.</param>
    public ValueTask<Stat> SetDataAsync(string path, ReadOnlyMemory<byte> data, int version = -1, CancellationToken cancellation = default)
    {
        JuteWriter body = BodyFor(path);
        body.WriteBuffer(data.Span);
        body.WriteInt32(version);
        return SendAsync(OpCode.SetData, path, body, Stat.Read, cancellation);
    }

    /// <summary>The names of the znode's children, and its stat.</summary>
    /// <param name="watch">Fires when a child is created or deleted, or the znode itself is deleted, after this read.</param>
    public ValueTask<ZnodeChildren> GetChildrenAsync(string path, ZnodeWatch? watch = null, CancellationToken cancellation = default) =>
        SendAsync(
            OpCode.GetChildren2, path, BodyFor(path, watch), (ref JuteReader reader) => new ZnodeChildren(reader.ReadStrings(), Stat.Read(ref reader)),
            cancellation, WatchFor(watch, WatchKind.Child, path));

    /// <summary>The znode's access list and stat.</summary>
    public ValueTask<ZnodeAcl> GetAclAsync(string path, CancellationToken cancellation = default) =>
        SendAsync(
            OpCode.GetAcl, path, BodyFor(path), (ref JuteReader reader) => new ZnodeAcl(Acl.ReadList(ref reader) ?? [], Stat.Read(ref reader)), cancellation);

    /// <summary>Replaces the znode's access list.</summary>
    /// <param name="version">Access list version it must have; -1 for any.</param>
    public ValueTask<Stat> SetAclAsync(string path, IReadOnlyList<Acl> acl, int version = -1, CancellationToken cancellation = default)
    {
        JuteWriter body = BodyFor(path);
        Acl.WriteList(body, acl);
        body.WriteInt32(version);
        return SendAsync(OpCode.SetAcl, path, body, Stat.Read, cancellation);
    }

    /// <summary>Waits until the server has caught up with everything committed before the call, so that later reads see it.</summary>
    public async ValueTask SyncAsync(string path = "/", CancellationToken cancellation = default) =>
        await SendAsync(OpCode.Sync, path, BodyFor(path), (ref JuteReader reader) => reader.ReadString(), cancellation).ConfigureAwait(false);

    /// <summary>Commits a transaction: all its operations or none.</summary>
    /// <exception cref="CoordinationException">The error of the operation that failed; nothing happened.</exception>
    public ValueTask<IReadOnlyList<TransactionResult>> CommitAsync(CoordinationTransaction transaction, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        var body = new JuteWriter();
        transaction.Write(body, _connect.ToServer);
        return SendAsync(OpCode.Multi, null, body, (ref JuteReader reader) => transaction.Read(ref reader, _connect.ToClient), cancellation);
    }

    /// <summary>
    /// The znode's data now and after every change, null while it does not exist. Changes faster than the reader are merged:
    /// each value is the newest at the time of reading. Goes on across reconnects; ends with the session.
    /// </summary>
    public IAsyncEnumerable<ZnodeData?> WatchDataAsync(string path, CancellationToken cancellation = default) =>
        ZnodeFollower.FollowAsync(this, path, watch => GetDataAsync(path, watch, cancellation), data => (data.Stat.Czxid, data.Stat.Mzxid), cancellation);

    /// <summary>
    /// The znode's children now and after every change, null while it does not exist. Changes faster than the reader are merged.
    /// Goes on across reconnects; ends with the session.
    /// </summary>
    public IAsyncEnumerable<ZnodeChildren?> WatchChildrenAsync(string path, CancellationToken cancellation = default) =>
        ZnodeFollower.FollowAsync(this, path, watch => GetChildrenAsync(path, watch, cancellation), children => (children.Stat.Czxid, children.Stat.Pzxid), cancellation);

    /// <summary>Ends the session, so that its ephemeral znodes go at once, and closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        if (State == ConnectionState.Connected)
        {
            try
            {
                // A server that does not answer will expire the session by itself.
                using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
                await SendAsync(OpCode.CloseSession, null, new JuteWriter(), (ref JuteReader _) => true, patience.Token).ConfigureAwait(false);
            }
            catch (Exception failure) when (failure is CoordinationException or OperationCanceledException)
            {
            }
        }

        await _session.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Waits until a server serves the session.</summary>
    /// <exception cref="CoordinationException">The session is over.</exception>
    internal async ValueTask ConnectedAsync(CancellationToken cancellation)
    {
        await foreach (ConnectionState state in StatesAsync(cancellation).ConfigureAwait(false))
        {
            if (state == ConnectionState.Connected)
            {
                return;
            }
        }

        throw new CoordinationException(ErrorCode.SessionExpired, "Wait for a connection", path: null);
    }

    private async ValueTask CreateUnlessThereAsync(string path, CancellationToken cancellation)
    {
        try
        {
            await CreateAsync(path, cancellation: cancellation).ConfigureAwait(false);
        }
        catch (CoordinationException there) when (there.Error == ErrorCode.NodeExists)
        {
        }
    }

    private JuteWriter BodyFor(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var body = new JuteWriter();
        body.WriteString(_connect.ToServer(path));
        return body;
    }

    private JuteWriter BodyFor(string path, ZnodeWatch? watch)
    {
        JuteWriter body = BodyFor(path);
        body.WriteBool(watch is not null);
        return body;
    }

    /// <summary>Registers the watch when the reply says that the server has set it.</summary>
    private Action<ErrorCode>? WatchFor(ZnodeWatch? watch, WatchKind kind, string path, bool evenWhenMissing = false) =>
        watch is null ? null : error =>
        {
            if (error == ErrorCode.Ok)
            {
                _session.Watches.Add(kind, _connect.ToServer(path), watch);
            }
            else if (error == ErrorCode.NoNode && evenWhenMissing)
            {
                _session.Watches.Add(WatchKind.Exist, _connect.ToServer(path), watch);
            }
        };

    private async ValueTask<T> SendAsync<T>(
        OpCode type, string? path, JuteWriter body, ReplyDecoder<T> decode, CancellationToken cancellation, Action<ErrorCode>? answered = null)
    {
        cancellation.ThrowIfCancellationRequested();
        var request = new PendingRequest<T>(type, path, body, decode, answered);
        _session.Requests.Add(request);
        return await request.Reply.WaitAsync(cancellation).ConfigureAwait(false);
    }
}
