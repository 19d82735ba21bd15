namespace Freshet.Protocol.Kafka.Messages;

/// <summary>One token of an authentication (Kafka protocol, SaslAuthenticate).</summary>
public sealed record SaslAuthenticateRequest(byte[] Token) : IKafkaReadable<SaslAuthenticateRequest>
{
    /// <inheritdoc/>
    public static SaslAuthenticateRequest Read(ref KafkaReader reader)
    {
        var request = new SaslAuthenticateRequest(reader.ReadBytes());
        reader.SkipTags();
        return request;
    }
}

/// <summary>The mechanism's answer to the token.</summary>
/// <param name="SessionLifetimeMs">After success, milliseconds until the client must authenticate again; 0 for never.</param>
public sealed record SaslAuthenticateResponse(ErrorCode Error, string? ErrorMessage, ReadOnlyMemory<byte> Token, long SessionLifetimeMs) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteError(Error);
        writer.WriteString(ErrorMessage);
        writer.WriteBytes(Token.Span);
        if (writer.Version >= 1)
        {
            writer.WriteInt64(SessionLifetimeMs);
        }

        writer.WriteNoTags();
    }
}
