using Microsoft.Extensions.Logging;

namespace Freshet.Node.Tls;

/// <summary>What a port with TLS logs.</summary>
internal sealed partial class TlsLog(ILogger logger)
{
    private readonly ILogger _logger = logger;

    [LoggerMessage(1, LogLevel.Information, "Certificates changed; {Certificate} is in use from now on")]
    public partial void Reloaded(string certificate);

    [LoggerMessage(2, LogLevel.Warning, "Certificates changed but cannot be used, so the former stay in use: {Reason}")]
    public partial void NotReloaded(string reason);
}
