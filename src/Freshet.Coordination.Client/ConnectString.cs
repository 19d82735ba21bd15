using System.Net;

namespace Freshet.Coordination.Client;

/// <summary>The servers of a connect string and the subtree that the client lives in.</summary>
internal sealed record ConnectString(IReadOnlyList<DnsEndPoint> Servers, string Chroot)
{
    private const int DefaultPort = 2181;

    /// <summary>Parses <c>host:port[,host:port...][/chroot]</c>; IPv6 addresses stand in brackets.</summary>
    public static ConnectString Parse(string text)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        string servers = slash < 0 ? text : text[..slash];
        string chroot = slash < 0 ? "" : text[slash..].TrimEnd('/');
        DnsEndPoint[] parsed = [.. servers.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(ParseServer)];
        return parsed.Length > 0
            ? new ConnectString(parsed, chroot)
            : throw new ArgumentException($"'{text}' names no server. Write host:port[,host:port...][/chroot], for example 127.0.0.1:2181.");
    }

    /// <summary>The server's path for a client's.</summary>
    public string ToServer(string path) => Chroot.Length == 0 ? path : path == "/" ? Chroot : Chroot + path;

    /// <summary>The client's path for a server's.</summary>
    public string ToClient(string path) => Chroot.Length == 0 ? path : path.Length == Chroot.Length ? "/" : path[Chroot.Length..];

    private static DnsEndPoint ParseServer(string server)
    {
        int colon = server.LastIndexOf(':');
        bool hasPort = colon > server.LastIndexOf(']');
        string host = (hasPort ? server[..colon] : server).Trim('[', ']');
        int port = DefaultPort;
        if (host.Length == 0 || (hasPort && (!int.TryParse(server[(colon + 1)..], out port) || port is < 1 or > IPEndPoint.MaxPort)))
        {
            throw new ArgumentException($"'{server}' is not a server. Write host:port[,host:port...][/chroot], for example 127.0.0.1:2181.");
        }

        return new DnsEndPoint(host, port);
    }
}
