using Freshet.Coordination.Tree;
using Microsoft.Extensions.Logging;

namespace Freshet.Coordination;

/// <summary>What the coordination server logs.</summary>
internal sealed partial class CoordinationLog(ILogger logger)
{
    private readonly ILogger _logger = logger;

    [LoggerMessage(1, LogLevel.Information, "Recovered {Znodes} znodes and {Sessions} sessions up to zxid 0x{Zxid:x} from {Directory}")]
    public partial void Recovered(int znodes, int sessions, long zxid, string directory);

    [LoggerMessage(2, LogLevel.Critical, "The server stops serving: it cannot go on safely")]
    public partial void Failed(Exception failure);

    [LoggerMessage(3, LogLevel.Warning, "Closing {Address}: {Reason}")]
    public partial void ConnectionTalksNonsense(string address, string reason);

    [LoggerMessage(4, LogLevel.Warning, "Closing {Address}: it has not read {Bytes} bytes of replies and events")]
    public partial void ClientDoesNotRead(string address, int bytes);

    [LoggerMessage(5, LogLevel.Warning, "Closing {Address}: it has seen zxid 0x{Seen:x}, but this server is at 0x{Last:x}; is the data directory the right one?")]
    public partial void ClientIsAhead(string address, long seen, long last);

    [LoggerMessage(6, LogLevel.Information, "Session 0x{Session:x} expired after {Timeout} ms")]
    public partial void SessionExpired(long session, int timeout);

    [LoggerMessage(8, LogLevel.Information, "Snapshot up to zxid 0x{Zxid:x}: {Znodes} znodes, {Bytes} bytes")]
    public partial void SnapshotTaken(long zxid, int znodes, long bytes);

    [LoggerMessage(9, LogLevel.Error, "A snapshot could not be taken; the journal keeps growing until one can")]
    public partial void SnapshotFailed(Exception failure);

    [LoggerMessage(10, LogLevel.Warning, "Snapshot {Path} is damaged and skipped: {Reason}")]
    public partial void SnapshotSkipped(string path, string reason);

    [LoggerMessage(11, LogLevel.Warning, "The server was paused for {Milliseconds} ms; session timeouts start anew")]
    public partial void WasPaused(long milliseconds);

    [LoggerMessage(12, LogLevel.Warning, "The quota of {Path} is passed: a write is {Outcome} that makes {Count} znodes and {Bytes} bytes, with {Limits}")]
    public partial void QuotaPassed(string path, long count, long bytes, QuotaLimits limits, string outcome);

    [LoggerMessage(13, LogLevel.Warning, "Closing {Address}: its credentials under the scheme {Scheme} prove nothing")]
    public partial void AuthenticationFailed(string address, string? scheme);

    [LoggerMessage(14, LogLevel.Warning, "Closing {Address}: it has not authenticated under a scheme that this server requires")]
    public partial void NotAuthenticated(string address);

    [LoggerMessage(15, LogLevel.Warning, "Closing {Address}: {Reason}. {Suppressed} others were closed for want of room since the last such line")]
    public partial void TooManyConnections(string address, string reason, int suppressed);

    [LoggerMessage(16, LogLevel.Error, "The journal's disk is full: writes are refused until space returns, reads go on")]
    public partial void DiskFull(Exception noSpace);

    [LoggerMessage(17, LogLevel.Information, "The journal's disk has space again: writes are accepted")]
    public partial void SpaceReturned();

    [LoggerMessage(18, LogLevel.Warning, "Access lists are not asked (SkipAcl): everyone may read and change everything")]
    public partial void AccessIsOpen();

    [LoggerMessage(19, LogLevel.Warning, "The disk took {Milliseconds} ms to write the journal: every write waits for it, and sessions may expire")]
    public partial void SlowSync(long milliseconds);

    [LoggerMessage(20, LogLevel.Warning, "{Snapshot} was complete at zxid 0x{Complete:x}, but the journal ends at 0x{Last:x}: of what was written in between only a part is there. Were writes forced to disk, and are files missing?")]
    public partial void JournalIsShort(string snapshot, long complete, long last);
}
