namespace Freshet.Protocol.Kafka.Messages;

/// <summary>Asks for elections of partition leaders (Kafka protocol, ElectLeaders, versions 0 to 2).</summary>
/// <param name="Topics">The partitions; null means all.</param>
public sealed record ElectLeadersRequest(ElectionType Type, IReadOnlyList<TopicPartitions>? Topics, int TimeoutMs) : IKafkaReadable<ElectLeadersRequest>
{
    private const short FirstWithType = 1;

    /// <inheritdoc/>
    public static ElectLeadersRequest Read(ref KafkaReader reader)
    {
        ElectionType type = reader.Version >= FirstWithType ? (ElectionType)reader.ReadInt8() : ElectionType.Preferred;
        var request = new ElectLeadersRequest(type, reader.ReadNullableArray<TopicPartitions>(), reader.ReadInt32());
        reader.SkipTags();
        return request;
    }
}

/// <summary>Who may become the leader.</summary>
public enum ElectionType : sbyte
{
    /// <summary>The first of a partition's replicas.</summary>
    Preferred = 0,

    /// <summary>Any replica that is alive, when there is no leader.</summary>
    Unclean = 1,
}

/// <summary>What became of each election.</summary>
/// <param name="Error">A fault of the request as a whole; told since version 1.</param>
public sealed record ElectLeadersResponse(ErrorCode Error, IReadOnlyList<TopicResults> Topics) : IKafkaWritable
{
    private const short FirstWithError = 1;

    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteThrottle();
        if (writer.Version >= FirstWithError)
        {
            writer.WriteError(Error);
        }

        writer.WriteArray(Topics);
        writer.WriteNoTags();
    }
}
