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

    private CoordinationClient(CoordinationClientOptions options, ILogger logger, TimeProvider time)
    {
        ConnectString connect = ConnectString.Parse(options.ConnectString);
        _session = new Session(options, connect, logger, time);
        Sender = new RequestSender(_session, connect);
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

    internal Session Session => _session;

    internal RequestSender Sender { get; }

    /// <summary>Opens a session.</summary>
    /// <exception cref="CoordinationException">
    /// <see cref="ErrorCode.ConnectionLoss"/>: no server within the connect timeout. <see cref="ErrorCode.AuthFailed"/>: it refused the credentials;
    /// <see cref="ErrorCode.SessionClosedRequireSaslAuth"/>: and serves nobody without.
    /// </exception>
    /// <exception cref="ArgumentException">The connect string is not valid.</exception>
    public static async ValueTask<CoordinationClient> ConnectAsync(
        CoordinationClientOptions options, ILoggerFactory? loggers = null, TimeProvider? time = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        time ??= TimeProvider.System;
        var client = new CoordinationClient(options, (loggers ?? NullLoggerFactory.Instance).CreateLogger<CoordinationClient>(), time);
        Credential[] credentials = [.. options.Credentials.Select(credential => client._session.Credentials.Add(credential.Scheme, credential.Secret.ToArray()))];
        client._session.Start();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(options.ConnectTimeout);
        try
        {
            await foreach (ConnectionState state in client.StatesAsync(limit.Token).ConfigureAwait(false))
            {
                if (state == ConnectionState.Connected)
                {
                    await Task.WhenAll(credentials.Select(credential => credential.Accepted)).WaitAsync(limit.Token).ConfigureAwait(false);
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
        if (client.State == ConnectionState.AuthFailed)
        {
            throw new CoordinationException(ErrorCode.SessionClosedRequireSaslAuth, "Connect", path: null);
        }

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
        string path, ReadOnlyMemory<byte> data = default, CreateMode mode = CreateMode.Persistent, IReadOnlyList<Acl>? acl = null, CancellationToken cancellation = default) =>
        CreateAsync(path, new CreateRecord(data, mode, acl, TimeToLive: null), cancellation);

    /// <summary>Creates a znode; false when it is there already, which costs less here than as an exception.</summary>
    public ValueTask<bool> TryCreateAsync(
        string path, ReadOnlyMemory<byte> data = default, CreateMode mode = CreateMode.Persistent, IReadOnlyList<Acl>? acl = null, CancellationToken cancellation = default)
    {
        var create = new CreateRecord(data, mode, acl, TimeToLive: null);
        OpCode type = create.Type(OpCode.Create2);
        JuteWriter body = Sender.BodyFor(path);
        create.Write(body);
        return Sender.SendAsync(type, path, body, (ref JuteReader _) => true, cancellation, expected: ErrorCode.NodeExists);
    }

    /// <summary>
    /// Creates a znode that the server deletes once it has no children and nobody has set its data for <paramref name="timeToLive"/>.
    /// From ZooKeeper 3.5.3 on, where Apache's server must be told <c>extendedTypesEnabled</c>.
    /// </summary>
    /// <param name="timeToLive">1 ms to 2^40 - 1 ms, about 34 years. Servers look once a minute or so.</param>
    /// <param name="mode"><see cref="CreateMode.PersistentTtl"/> or <see cref="CreateMode.PersistentSequentialTtl"/>.</param>
    public ValueTask<CreatedZnode> CreateTtlAsync(
        string path, ReadOnlyMemory<byte> data, TimeSpan timeToLive, CreateMode mode = CreateMode.PersistentTtl, IReadOnlyList<Acl>? acl = null, CancellationToken cancellation = default) =>
        CreateAsync(path, new CreateRecord(data, mode, acl, timeToLive), cancellation);

    /// <summary>Deletes a childless znode.</summary>
    /// <param name="version">Data version it must have; -1 for any.</param>
    public async ValueTask DeleteAsync(string path, int version = -1, CancellationToken cancellation = default)
    {
        JuteWriter body = Sender.BodyFor(path);
        body.WriteInt32(version);
        await Sender.SendAsync(OpCode.Delete, path, body, (ref JuteReader _) => true, cancellation).ConfigureAwait(false);
    }

    /// <summary>The znode's stat, or null when it does not exist.</summary>
    /// <param name="watch">Fires when the znode is created, changed or deleted after this read.</param>
    public ValueTask<Stat?> ExistsAsync(string path, ZnodeWatch? watch = null, CancellationToken cancellation = default) =>
        Sender.SendAsync<Stat?>(
            OpCode.Exists, path, Sender.BodyFor(path, watch), (ref JuteReader reader) => Stat.Read(ref reader),
            cancellation, Sender.Setting(watch, WatchKind.Data, path, evenWhenMissing: true), ErrorCode.NoNode);

    /// <summary>The znode's data and stat.</summary>
    /// <param name="watch">Fires when the znode is changed or deleted after this read; not set when the znode does not exist.</param>
    public ValueTask<ZnodeData> GetDataAsync(string path, ZnodeWatch? watch = null, CancellationToken cancellation = default) =>
        Sender.SendAsync(
            OpCode.GetData, path, Sender.BodyFor(path, watch), (ref JuteReader reader) => new ZnodeData(reader.ReadBytes(), Stat.Read(ref reader)),
            cancellation, Sender.Setting(watch, WatchKind.Data, path));

    /// <summary>The znode's data and stat; null when it does not exist, which costs less here than as an exception.</summary>
    /// <param name="watch">Fires when the znode is changed or deleted after this read; not set when the znode does not exist.</param>
    public ValueTask<ZnodeData?> TryGetDataAsync(string path, ZnodeWatch? watch = null, CancellationToken cancellation = default) =>
        Sender.SendAsync<ZnodeData?>(
            OpCode.GetData, path, Sender.BodyFor(path, watch), (ref JuteReader reader) => new ZnodeData(reader.ReadBytes(), Stat.Read(ref reader)),
            cancellation, Sender.Setting(watch, WatchKind.Data, path), ErrorCode.NoNode);

    /// <summary>Replaces the znode's data.</summary>
    /// <param name="version">Data version it must have; -1 for any.</param>
    public ValueTask<Stat> SetDataAsync(string path, ReadOnlyMemory<byte> data, int version = -1, CancellationToken cancellation = default)
    {
        JuteWriter body = Sender.BodyFor(path);
        body.WriteBuffer(data.Span);
        body.WriteInt32(version);
        return Sender.SendAsync(OpCode.SetData, path, body, Stat.Read, cancellation);
    }

    /// <summary>The names of the znode's children, and its stat.</summary>
    /// <param name="watch">Fires when a child is created or deleted, or the znode itself is deleted, after this read.</param>
    public ValueTask<ZnodeChildren> GetChildrenAsync(string path, ZnodeWatch? watch = null, CancellationToken cancellation = default) =>
        Sender.SendAsync(
            OpCode.GetChildren2, path, Sender.BodyFor(path, watch), (ref JuteReader reader) => new ZnodeChildren(reader.ReadStrings(), Stat.Read(ref reader)),
            cancellation, Sender.Setting(watch, WatchKind.Child, path));

    /// <summary>The names of the znode's children, and its stat; null when it does not exist, which costs less here than as an exception.</summary>
    /// <param name="watch">Fires when a child is created or deleted, or the znode itself is deleted, after this read; not set when the znode does not exist.</param>
    public ValueTask<ZnodeChildren?> TryGetChildrenAsync(string path, ZnodeWatch? watch = null, CancellationToken cancellation = default) =>
        Sender.SendAsync<ZnodeChildren?>(
            OpCode.GetChildren2, path, Sender.BodyFor(path, watch), (ref JuteReader reader) => new ZnodeChildren(reader.ReadStrings(), Stat.Read(ref reader)),
            cancellation, Sender.Setting(watch, WatchKind.Child, path), ErrorCode.NoNode);

    /// <summary>Waits until the server has caught up with everything committed before the call, so that later reads see it.</summary>
    public async ValueTask SyncAsync(string path = "/", CancellationToken cancellation = default) =>
        await Sender.SendAsync(OpCode.Sync, path, Sender.BodyFor(path), (ref JuteReader reader) => reader.ReadString(), cancellation).ConfigureAwait(false);

    /// <summary>Commits a transaction: all its operations or none.</summary>
    /// <exception cref="CoordinationException">The error of the operation that failed; nothing happened.</exception>
    public ValueTask<IReadOnlyList<TransactionResult>> CommitAsync(CoordinationTransaction transaction, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        var body = new JuteWriter();
        transaction.Write(body, Sender.Connect.ToServer);
        return Sender.SendAsync(OpCode.Multi, null, body, (ref JuteReader reader) => transaction.Read(ref reader, Sender.Connect.ToClient), cancellation);
    }

    /// <summary>Makes several reads in one request. The results come in the order of the reads; one that is refused does not disturb the others.</summary>
    public ValueTask<IReadOnlyList<MultiReadResult>> ReadAsync(MultiRead reads, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(reads);
        var body = new JuteWriter();
        reads.Write(body, Sender.Connect.ToServer);
        return Sender.SendAsync(OpCode.MultiRead, null, body, reads.Read, cancellation);
    }

    /// <summary>Ends the session, so that its ephemeral znodes go at once, and closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        if (State == ConnectionState.Connected)
        {
            try
            {
                // A server that does not answer will expire the session by itself.
                using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
                await Sender.SendAsync(OpCode.CloseSession, null, new JuteWriter(), (ref JuteReader _) => true, patience.Token).ConfigureAwait(false);
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

    private ValueTask<CreatedZnode> CreateAsync(string path, CreateRecord create, CancellationToken cancellation)
    {
        OpCode type = create.Type(OpCode.Create2);
        JuteWriter body = Sender.BodyFor(path);
        create.Write(body);
        return Sender.SendAsync(
            type, path, body, (ref JuteReader reader) => new CreatedZnode(Sender.Connect.ToClient(reader.ReadPath()), Stat.Read(ref reader)), cancellation);
    }
}
