using Microsoft.Extensions.Logging;

namespace Freshet.Node;

/// <summary>What a port logs.</summary>
internal static partial class PortLog
{
    [LoggerMessage(1, LogLevel.Error, "The handler of connection {Connection} failed, and the connection is closed")]
    public static partial void HandlerFailed(ILogger logger, string connection, Exception failure);
}
