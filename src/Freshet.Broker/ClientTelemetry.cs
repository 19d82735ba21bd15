namespace Freshet.Broker;

/// <summary>Metrics of a client about itself, as it pushed them (KIP-714), and who it is.</summary>
/// <param name="ClientInstanceId">The client's number for its lifetime.</param>
/// <param name="ClientId">The client's name of its own choice; null for none.</param>
/// <param name="SoftwareName">Name of the client library, such as <c>apache-kafka-java</c>; <c>unknown</c> when it did not say.</param>
/// <param name="SoftwareVersion">Version of the client library.</param>
/// <param name="Address">Where it came from.</param>
/// <param name="Port">Its own port.</param>
/// <param name="Principal">Who it is to the broker, such as <c>User:ANONYMOUS</c>.</param>
/// <param name="PushInterval">Time that it is to let pass between pushes.</param>
/// <param name="IsTerminating">Whether the client ends and this is its last push.</param>
/// <param name="Metrics">OpenTelemetry's MetricsData (protobuf), not compressed. May be kept.</param>
public sealed record ClientTelemetry(
    Guid ClientInstanceId, string? ClientId, string SoftwareName, string SoftwareVersion, string Address, int Port, string Principal, TimeSpan PushInterval,
    bool IsTerminating, ReadOnlyMemory<byte> Metrics);
