namespace Freshet.Protocol.Kafka.Messages;

/// <summary>Asks which broker coordinates groups or transactions (Kafka protocol, FindCoordinator).</summary>
/// <param name="KeyType">0 for groups, 1 for transactional ids.</param>
/// <param name="Keys">One before version 4.</param>
public sealed record FindCoordinatorRequest(sbyte KeyType, IReadOnlyList<string> Keys) : IKafkaReadable<FindCoordinatorRequest>
{
    /// <summary>Keys are group ids.</summary>
    public const sbyte Groups = 0;

    /// <summary>Keys are transactional ids.</summary>
    public const sbyte Transactions = 1;

    /// <inheritdoc/>
    public static FindCoordinatorRequest Read(ref KafkaReader reader)
    {
        string? single = reader.Version <= 3 ? reader.ReadString() : null;
        sbyte type = reader.Version >= 1 ? reader.ReadInt8() : Groups;
        string[] keys = single is null ? reader.ReadStringArray() : [single];
        reader.SkipTags();
        return new FindCoordinatorRequest(type, keys);
    }
}

/// <summary>The coordinator of each key; exactly one before version 4.</summary>
public sealed record FindCoordinatorResponse(IReadOnlyList<Coordinator> Coordinators) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        if (writer.Version >= 1)
        {
            writer.WriteThrottle();
        }

        if (writer.Version >= 4)
        {
            writer.WriteArray(Coordinators);
        }
        else
        {
            Coordinators[0].WriteSingle(ref writer);
        }

        writer.WriteNoTags();
    }
}

/// <summary>The coordinator of one key.</summary>
public sealed record Coordinator(string Key, BrokerEndpoint Broker, ErrorCode Error, string? ErrorMessage) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteString(Key);
        WriteEndpoint(ref writer);
        writer.WriteError(Error);
        writer.WriteString(ErrorMessage);
        writer.WriteNoTags();
    }

    internal void WriteSingle(ref KafkaWriter writer)
    {
        writer.WriteError(Error);
        if (writer.Version >= 1)
        {
            writer.WriteString(ErrorMessage);
        }

        WriteEndpoint(ref writer);
    }

    private void WriteEndpoint(ref KafkaWriter writer)
    {
        writer.WriteInt32(Broker.Id);
        writer.WriteString(Broker.Host);
        writer.WriteInt32(Broker.Port);
    }
}
