using Freshet.Broker.Cluster;
using Freshet.Broker.Connections;

namespace Freshet.Broker.Telemetry;

/// <summary>What the broker knows of a client that sends metrics, which subscriptions choose clients by.</summary>
internal sealed record ClientDescription(Guid InstanceId, string? ClientId, Peer Peer)
{
    /// <summary>What a client may be chosen by: KIP-714's names.</summary>
    public static IReadOnlyList<string> Attributes { get; } =
        ["client_instance_id", "client_id", "client_software_name", "client_software_version", "client_source_address", "client_source_port"];

    /// <summary>The value of one of the attributes; null when the client has none.</summary>
    public string? Of(string attribute) => attribute switch
    {
        "client_instance_id" => KafkaUuid.ToText(InstanceId),
        "client_id" => ClientId,
        "client_software_name" => Peer.SoftwareName,
        "client_software_version" => Peer.SoftwareVersion,
        "client_source_address" => Peer.Host,
        "client_source_port" => Peer.Port.ToString(System.Globalization.CultureInfo.InvariantCulture),
        _ => null,
    };
}
