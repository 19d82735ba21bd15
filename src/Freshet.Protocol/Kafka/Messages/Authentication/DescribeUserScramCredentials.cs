namespace Freshet.Protocol.Kafka.Messages;

/// <summary>Asks which SCRAM credentials users have (Kafka protocol, DescribeUserScramCredentials).</summary>
/// <param name="Users">Null or empty means all.</param>
public sealed record DescribeUserScramCredentialsRequest(IReadOnlyList<ScramUser>? Users) : IKafkaReadable<DescribeUserScramCredentialsRequest>
{
    /// <inheritdoc/>
    public static DescribeUserScramCredentialsRequest Read(ref KafkaReader reader)
    {
        var request = new DescribeUserScramCredentialsRequest(reader.ReadNullableArray<ScramUser>());
        reader.SkipTags();
        return request;
    }
}

/// <summary>A user asked for.</summary>
public readonly record struct ScramUser(string Name) : IKafkaReadable<ScramUser>
{
    /// <inheritdoc/>
    public static ScramUser Read(ref KafkaReader reader)
    {
        var user = new ScramUser(reader.ReadString());
        reader.SkipTags();
        return user;
    }
}

/// <summary>Users and what kinds of credentials they have; never the credentials.</summary>
public sealed record DescribeUserScramCredentialsResponse(ErrorCode Error, string? ErrorMessage, IReadOnlyList<DescribedScramUser> Users) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteThrottle();
        writer.WriteError(Error);
        writer.WriteString(ErrorMessage);
        writer.WriteArray(Users);
        writer.WriteNoTags();
    }
}

/// <summary>One user's kinds of credentials.</summary>
public sealed record DescribedScramUser(string Name, ErrorCode Error, string? ErrorMessage, IReadOnlyList<ScramCredentialInfo> Credentials) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteString(Name);
        writer.WriteError(Error);
        writer.WriteString(ErrorMessage);
        writer.WriteArray(Credentials);
        writer.WriteNoTags();
    }
}

/// <summary>A credential, without its secrets.</summary>
public readonly record struct ScramCredentialInfo(ScramMechanismType Mechanism, int Iterations) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteInt8((sbyte)Mechanism);
        writer.WriteInt32(Iterations);
        writer.WriteNoTags();
    }
}

/// <summary>Kind of a SCRAM credential.</summary>
public enum ScramMechanismType : sbyte
{
    /// <summary>None that is known.</summary>
    Unknown = 0,

    /// <summary>SCRAM-SHA-256.</summary>
    Sha256 = 1,

    /// <summary>SCRAM-SHA-512.</summary>
    Sha512 = 2,
}
