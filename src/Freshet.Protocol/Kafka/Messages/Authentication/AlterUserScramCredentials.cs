namespace Freshet.Protocol.Kafka.Messages;

/// <summary>Sets and removes SCRAM credentials of users (Kafka protocol, AlterUserScramCredentials).</summary>
public sealed record AlterUserScramCredentialsRequest(IReadOnlyList<ScramDeletion> Deletions, IReadOnlyList<ScramUpsertion> Upsertions)
    : IKafkaReadable<AlterUserScramCredentialsRequest>
{
    /// <inheritdoc/>
    public static AlterUserScramCredentialsRequest Read(ref KafkaReader reader)
    {
        var request = new AlterUserScramCredentialsRequest(reader.ReadArray<ScramDeletion>(), reader.ReadArray<ScramUpsertion>());
        reader.SkipTags();
        return request;
    }
}

/// <summary>A credential to remove.</summary>
public readonly record struct ScramDeletion(string User, ScramMechanismType Mechanism) : IKafkaReadable<ScramDeletion>
{
    /// <inheritdoc/>
    public static ScramDeletion Read(ref KafkaReader reader)
    {
        var deletion = new ScramDeletion(reader.ReadString(), (ScramMechanismType)reader.ReadInt8());
        reader.SkipTags();
        return deletion;
    }
}

/// <summary>A credential to set. The client has salted the password already.</summary>
public sealed class ScramUpsertion : IKafkaReadable<ScramUpsertion>
{
    private ScramUpsertion(ref KafkaReader reader)
    {
        User = reader.ReadString();
        Mechanism = (ScramMechanismType)reader.ReadInt8();
        Iterations = reader.ReadInt32();
        Salt = reader.ReadBytes();
        SaltedPassword = reader.ReadBytes();
        reader.SkipTags();
    }

    /// <summary>Whose it is.</summary>
    public string User { get; }

    /// <summary>Its kind.</summary>
    public ScramMechanismType Mechanism { get; }

    /// <summary>How often the password was hashed.</summary>
    public int Iterations { get; }

    /// <summary>The salt.</summary>
    public byte[] Salt { get; }

    /// <summary>The salted password: a secret, good for signing in. Neither kept nor printed.</summary>
    public byte[] SaltedPassword { get; }

    /// <inheritdoc/>
    public static ScramUpsertion Read(ref KafkaReader reader) => new(ref reader);
}

/// <summary>What became of each user.</summary>
public sealed record AlterUserScramCredentialsResponse(IReadOnlyList<AlteredScramUser> Users) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteThrottle();
        writer.WriteArray(Users);
        writer.WriteNoTags();
    }
}

/// <summary>What became of one user.</summary>
public sealed record AlteredScramUser(string Name, ErrorCode Error, string? ErrorMessage) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteString(Name);
        writer.WriteError(Error);
        writer.WriteString(ErrorMessage);
        writer.WriteNoTags();
    }
}
