using Freshet.Protocol.Jute;
using Microsoft.Extensions.Logging;

namespace Freshet.Coordination.Client;

/// <summary>Everything the client logs.</summary>
internal static partial class ClientLog
{
    [LoggerMessage(1, LogLevel.Debug, "Session 0x{Session:x} is connected; its timeout is {Timeout}.")]
    public static partial void Connected(ILogger logger, long session, TimeSpan timeout);

    [LoggerMessage(2, LogLevel.Debug, "No connection to the coordination service: {Reason}")]
    public static partial void ConnectionFailed(ILogger logger, string reason);

    [LoggerMessage(4, LogLevel.Information, "Session 0x{Session:x} lost its connection and looks for a new one: {Reason}")]
    public static partial void ConnectionLost(ILogger logger, long session, string reason);

    [LoggerMessage(3, LogLevel.Information, "Session 0x{Session:x} is over: {State}.")]
    public static partial void SessionOver(ILogger logger, long session, ConnectionState state);

    [LoggerMessage(5, LogLevel.Warning, "The server refused session 0x{Session:x}'s credentials of scheme {Scheme}: {Error}. The session goes on without them.")]
    public static partial void CredentialsRefused(ILogger logger, long session, string scheme, ErrorCode error);
}
