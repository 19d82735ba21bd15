namespace Freshet.Protocol.Kafka.Messages;

// Requests about delegation tokens are not read: without tokens each is refused whatever it says.

/// <summary>Refuses to create a delegation token (Kafka protocol, CreateDelegationToken, versions 1 to 3).</summary>
/// <param name="PrincipalType">Type of the principal who asked, such as User.</param>
/// <param name="PrincipalName">Its name.</param>
public sealed record CreateDelegationTokenResponse(ErrorCode Error, string PrincipalType, string PrincipalName) : IKafkaWritable
{
    private const short FirstWithRequester = 3;

    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteError(Error);
        writer.WriteString(PrincipalType);
        writer.WriteString(PrincipalName);
        if (writer.Version >= FirstWithRequester)
        {
            writer.WriteString(PrincipalType);
            writer.WriteString(PrincipalName);
        }

        writer.WriteInt64(-1); // Issued at.
        writer.WriteInt64(-1); // Expires at.
        writer.WriteInt64(-1); // Can be renewed until.
        writer.WriteString(""); // Id.
        writer.WriteBytes([]); // Secret.
        writer.WriteThrottle();
        writer.WriteNoTags();
    }
}

/// <summary>Refuses to change when a delegation token expires (Kafka protocol, RenewDelegationToken and ExpireDelegationToken, versions 1 and 2).</summary>
public sealed record DelegationTokenExpiryResponse(ErrorCode Error) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteError(Error);
        writer.WriteInt64(-1); // Expires at.
        writer.WriteThrottle();
        writer.WriteNoTags();
    }
}

/// <summary>Refuses to tell delegation tokens (Kafka protocol, DescribeDelegationToken, versions 1 to 3).</summary>
public sealed record DescribeDelegationTokenResponse(ErrorCode Error) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteError(Error);
        writer.WriteLength(0);
        writer.WriteThrottle();
        writer.WriteNoTags();
    }
}
