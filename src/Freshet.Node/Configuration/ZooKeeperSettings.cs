using System.Net;
using Freshet.Coordination;

namespace Freshet.Node.Configuration;

/// <summary>What the lines of a zoo.cfg add up to, before it becomes options.</summary>
internal sealed class ZooKeeperSettings
{
    /// <summary>Apache ZooKeeper's tick when a file names none; its sample files say 2000.</summary>
    public const int ApacheTickMs = 3000;

    public FreshetNodeOptions Node { get; } = new() { Broker = false };

    /// <summary>Settings of the server itself, in the order of their lines.</summary>
    public List<Action<CoordinationOptions>> Server { get; } = [];

    public TlsSettings Tls { get; } = new();

    public SaslSettings Sasl { get; } = new();

    public List<string> Warnings { get; } = [];

    public string? DataLogDirectory { get; set; }

    /// <summary>Whether missing folders of data are made. False guards against a disk that is not mounted.</summary>
    public bool CreatesData { get; set; } = true;

    /// <summary>Whether the four-letter word <c>isro</c> is answered without being named.</summary>
    public bool TellsReadOnly { get; set; }

    /// <summary>Whether a line names the four-letter words.</summary>
    public bool NamesWords { get; set; }

    /// <summary>The line that set the client port, and the port.</summary>
    public (ConfigurationEntry Line, int Port)? ClientPort { get; set; }

    public IPAddress? ClientAddress { get; set; }

    public bool AdminPages { get; set; }

    /// <summary>Apache ZooKeeper's port of the admin pages.</summary>
    public int AdminPort { get; set; } = 8080;

    public bool Metrics { get; set; }

    /// <summary>Apache ZooKeeper's port of the metrics.</summary>
    public int MetricsPort { get; set; } = 7000;

    public bool RequiresSasl { get; set; }

    public bool RequiresAuthentication { get; set; }

    public string[] AuthenticationSchemes { get; set; } = [];

    public int TickMs { get; set; } = ApacheTickMs;

    /// <summary>The lines of ensemble members.</summary>
    public List<ConfigurationEntry> Members { get; } = [];

    /// <exception cref="InvalidDataException">Another line names a different port.</exception>
    public void SetClientPort(ConfigurationEntry line, int port)
    {
        if (ClientPort is (ConfigurationEntry other, int before) && before != port)
        {
            throw line.Wrong($"Line {other.Line} names client port {before}: make both the same.");
        }

        ClientPort = (line, port);
    }
}
