using Freshet.Coordination.Admin;
using Freshet.Coordination.Connections;
using Freshet.Coordination.Requests.Containers;
using Freshet.Coordination.Sessions;
using Freshet.Coordination.Snapshots;
using Freshet.Coordination.Transactions;
using Freshet.Coordination.Watches;
using Freshet.Storage.Files;
using Freshet.Storage.Journal;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Freshet.Coordination;

/// <summary>One coordination server: recovers its data, then serves every connection handed to it.</summary>
public sealed class CoordinationService : IAsyncDisposable
{
    /// <summary>
    /// Name of the meter with the server's figures, under ZooKeeper's metric names. Its scope is the service, so that a listener tells
    /// several in one process apart.
    /// </summary>
    public const string MeterName = "Freshet.Coordination";

    private readonly CoordinationServer _server;
    private readonly DirectoryLock _directory;
    private readonly ITransactionLog _log;
    private readonly SessionTicker _ticker;
    private readonly AdminPages _adminPages;
    private readonly ServerMeter _meter;
    private readonly ContainerSweep _sweep;

    private CoordinationService(CoordinationServer server, DirectoryLock directory, ITransactionLog log, TimeProvider time)
    {
        (_server, _directory, _log) = (server, directory, log);
        _ticker = new SessionTicker(server, time);
        _adminPages = new AdminPages(server);
        _meter = new ServerMeter(server, this);
        _sweep = new ContainerSweep(server, time);
    }

    /// <summary>
    /// Completes with the reason when the service cannot go on safely, such as after a failed fsync. Nothing is acknowledged any
    /// more and every connection is closed: dispose it, and start again once the cause is gone.
    /// </summary>
    public Task<Exception> Failure => _server.Failure;

    /// <summary>Recovers the data directory and starts serving.</summary>
    /// <exception cref="ArgumentException">The options contradict each other; the message says which and why.</exception>
    /// <exception cref="InvalidDataException">The data is damaged, or the JAAS file cannot be understood; the message names the file and what to do.</exception>
    /// <exception cref="IOException">The directory cannot be used, or another server uses it.</exception>
    public static async ValueTask<CoordinationService> StartAsync(
        CoordinationOptions options, ILoggerFactory loggers, TimeProvider time, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(loggers);
        var log = new CoordinationLog(loggers.CreateLogger<CoordinationService>());
        if (options.SkipAcl)
        {
            log.AccessIsOpen();
        }

        DirectoryLock directory = DirectoryLock.Acquire(options.DataDirectory);
        try
        {
            return await Task.Run(() => Recover(options, directory, log, time), cancellation).ConfigureAwait(false);
        }
        catch
        {
            await directory.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// Looks at a connection that comes before the service has started, and answers a four-letter word. Whoever listens may call it, so that
    /// monitoring hears of a long recovery; the connection is to be closed then.
    /// </summary>
    /// <returns>False when it is a client's: hand it to <see cref="ServeAsync"/> once the service has started.</returns>
    /// <exception cref="OperationCanceledException">The client said nothing, or has gone.</exception>
    public static Task<bool> TryAnswerWhileStartingAsync(ConnectionContext connection, CoordinationOptions options)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(options);
        return EarlyConnection.TryAnswerAsync(connection, options);
    }

    /// <summary>Serves one client connection until it closes.</summary>
    public async Task ServeAsync(ConnectionContext connection)
    {
        var client = new ClientConnection(connection, _server);
        _server.Sequencer.Post(new SequencedAction(() => _server.Attach(client)));
        await client.Input.ReceiveAsync().ConfigureAwait(false);
        var detach = new SequencedAction(() => _server.Detach(client));
        _server.Sequencer.Post(detach);
        await detach.Done.ConfigureAwait(false);
        await client.FinishAsync().ConfigureAwait(false);
    }

    /// <summary>Answers an admin command over HTTP as JSON, or lists the commands.</summary>
    /// <param name="command">What follows <c>/commands/</c> in the path; empty for the list.</param>
    public Task ServeAdminAsync(HttpContext context, string command)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(command);
        return _adminPages.ServeAsync(context, command);
    }

    /// <summary>Closes every connection, writes what was decided to disk and stops.</summary>
    public async ValueTask DisposeAsync()
    {
        _meter.Dispose();
        await _sweep.DisposeAsync().ConfigureAwait(false);
        await _ticker.DisposeAsync().ConfigureAwait(false);
        await _server.Snapshots.DisposeAsync().ConfigureAwait(false);
        var stop = new SequencedAction(_server.Stop);
        _server.Sequencer.Post(stop);
        await stop.Done.ConfigureAwait(false);
        await _log.DisposeAsync().ConfigureAwait(false);
        _server.Dispose();
        await _directory.DisposeAsync().ConfigureAwait(false);
    }

    private static CoordinationService Recover(CoordinationOptions options, DirectoryLock directory, CoordinationLog log, TimeProvider time)
    {
        SessionPasswords passwords = SessionPasswords.Load(options.DataDirectory, options.ForceSync);
        ReplicatedState state = Recovery.Load(options.DataDirectory, options.KeepTreeDigest, log);
        var history = new EventHistory(options.MaxEventHistory, options.MaxEventHistoryBytes, state.LastZxid);
        var events = new RecoveredEvents(history);
        var reports = new JournalReports(options, log);
        long replayedBytes = 0;
        SegmentedJournal journal = reports.Open(
            state.LastZxid,
            (zxid, record) =>
            {
                Transaction.Read(zxid, record).Apply(state, events);
                replayedBytes += record.Length;
            });
        if (state.Expected is ExpectedDigest beyond)
        {
            log.JournalIsShort(beyond.Snapshot, beyond.Zxid, state.LastZxid);
            state.Expected = null;
        }

        state.Tree.Quotas.Rebuild();
        log.Recovered(state.Tree.Count, state.Sessions.Count, state.LastZxid, options.DataDirectory);
        var server = new CoordinationServer(options, state, history, passwords, log, time) { IsServing = true };
        reports.ReportTo(server);
        var transactions = new JournalTransactionLog(journal);
        server.Pipeline.Start(transactions, replayedBytes);
        return new CoordinationService(server, directory, transactions, time);
    }
}
