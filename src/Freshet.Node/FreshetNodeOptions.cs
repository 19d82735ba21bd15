using System.Net;
using Freshet.Broker;
using Freshet.Coordination;
using Freshet.Node.Tls;

namespace Freshet.Node;

/// <summary>What one node runs, and where it listens.</summary>
public sealed class FreshetNodeOptions
{
    /// <summary>Name of the coordination service's own folder inside <see cref="DataDirectory"/>.</summary>
    public const string CoordinationFolder = "coordination";

    /// <summary>Name of the broker's own folder inside <see cref="DataDirectory"/>.</summary>
    public const string BrokerFolder = "broker";

    /// <summary>Folder of everything the node keeps; created when missing. Null means temporary data, see <see cref="Ephemeral"/>.</summary>
    public string? DataDirectory { get; set; }

    /// <summary>
    /// Whether the data is thrown away when the node stops. It then lives in a temporary folder inside
    /// <see cref="DataDirectory"/>, or in the system's when that is null, and writes are not forced to disk.
    /// </summary>
    public bool Ephemeral { get; set; }

    /// <summary>Whether the node runs a coordination server.</summary>
    public bool Coordination { get; set; } = true;

    /// <summary>Whether the node runs a broker.</summary>
    public bool Broker { get; set; } = true;

    /// <summary>
    /// Changes the settings of the node's own coordination server before it starts; null leaves the defaults. Data directory,
    /// server number and whether writes are forced to disk are filled in already.
    /// </summary>
    public Action<CoordinationOptions>? ConfigureCoordination { get; set; }

    /// <summary>An existing coordination service (<c>host:port,...</c>) for the broker. Null means the node's own.</summary>
    public string? CoordinationConnectString { get; set; }

    /// <summary>Address to listen on. Anything but loopback is open to the network without authentication: choose it knowingly.</summary>
    public IPAddress Address { get; set; } = IPAddress.Loopback;

    /// <summary>Port of the coordination service; 0, the default, takes a free one, null serves none without TLS.</summary>
    public int? CoordinationPort { get; set; } = 0;

    /// <summary>
    /// TLS for those clients of <see cref="CoordinationPort"/> that begin with it; the others go on without. Its own port and address do not
    /// count. Null, the default, for none.
    /// </summary>
    public TlsOptions? CoordinationPortUnification { get; set; }

    /// <summary>A further port of the coordination service, with TLS; null, the default, for none.</summary>
    public TlsOptions? CoordinationTls { get; set; }

    /// <summary>Port of the broker; 0 takes a free one. Without a meaning when <see cref="KafkaListeners"/> names some.</summary>
    public int KafkaPort { get; set; }

    /// <summary>Listeners of the broker. Empty, the default, means one without TLS and SASL on <see cref="KafkaPort"/>.</summary>
    public IList<KafkaListener> KafkaListeners { get; } = [];

    /// <summary>
    /// Changes the settings of the broker before it starts; null leaves the defaults. The data directory is filled in already, the
    /// listeners follow from <see cref="KafkaListeners"/>.
    /// </summary>
    public Action<BrokerOptions>? ConfigureBroker { get; set; }

    /// <summary>Port of the node's HTTP pages (health, admin commands, metrics); 0 takes a free one, null serves none.</summary>
    public int? HttpPort { get; set; }

    /// <summary>Port that serves <c>/metrics</c> and nothing else; 0 takes a free one, null, the default, serves none.</summary>
    public int? MetricsPort { get; set; }

    /// <summary>Address of the HTTP pages: this machine only unless changed. They show what clients do and ask for no permission.</summary>
    public IPAddress HttpAddress { get; set; } = IPAddress.Loopback;
}
