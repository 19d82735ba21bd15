namespace Freshet.Protocol.Kafka.Messages;

/// <summary>Chooses the mechanism of an authentication (Kafka protocol, SaslHandshake). With version 0, bare tokens without headers follow.</summary>
public sealed record SaslHandshakeRequest(string Mechanism) : IKafkaReadable<SaslHandshakeRequest>
{
    /// <inheritdoc/>
    public static SaslHandshakeRequest Read(ref KafkaReader reader) => new(reader.ReadString());
}

/// <summary>Whether the mechanism is there, and which are.</summary>
public sealed record SaslHandshakeResponse(ErrorCode Error, IReadOnlyList<string> Mechanisms) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteError(Error);
        writer.WriteLength(Mechanisms.Count);
        foreach (string mechanism in Mechanisms)
        {
            writer.WriteString(mechanism);
        }
    }
}
