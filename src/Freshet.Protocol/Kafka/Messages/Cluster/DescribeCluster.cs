namespace Freshet.Protocol.Kafka.Messages;

/// <summary>Asks for the cluster's id and brokers (Kafka protocol, DescribeCluster, versions 0 to 2).</summary>
/// <param name="IncludesOperations">Whether to tell what the client may do with the cluster.</param>
/// <param name="EndpointType">1 for brokers, 2 for controllers.</param>
public sealed record DescribeClusterRequest(bool IncludesOperations, sbyte EndpointType) : IKafkaReadable<DescribeClusterRequest>
{
    internal const short FirstWithFenced = 2;

    /// <summary>Brokers are asked for.</summary>
    public const sbyte Brokers = 1;

    /// <summary>Controllers are asked for.</summary>
    public const sbyte Controllers = 2;

    /// <inheritdoc/>
    public static DescribeClusterRequest Read(ref KafkaReader reader)
    {
        bool operations = reader.ReadBool();
        sbyte type = reader.Version >= 1 ? reader.ReadInt8() : Brokers;
        if (reader.Version >= FirstWithFenced)
        {
            reader.ReadBool(); // Whether to list fenced brokers: a broker is known while it lives, and never fenced.
        }

        reader.SkipTags();
        return new DescribeClusterRequest(operations, type);
    }
}

/// <summary>The cluster's id and brokers.</summary>
/// <param name="Operations">What the client may do with the cluster, a bit for each <see cref="AclOperation"/>.</param>
public sealed record DescribeClusterResponse(
    ErrorCode Error, string? ErrorMessage, sbyte EndpointType, string ClusterId, int ControllerId, IReadOnlyList<BrokerEndpoint> Brokers,
    int Operations = MetadataResponse.NoOperations) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteThrottle();
        writer.WriteError(Error);
        writer.WriteString(ErrorMessage);
        if (writer.Version >= 1)
        {
            writer.WriteInt8(EndpointType);
        }

        writer.WriteString(ClusterId);
        writer.WriteInt32(ControllerId);
        writer.WriteLength(Brokers.Count);
        foreach (BrokerEndpoint broker in Brokers)
        {
            writer.WriteInt32(broker.Id);
            writer.WriteString(broker.Host);
            writer.WriteInt32(broker.Port);
            writer.WriteString(null); // Rack.
            if (writer.Version >= DescribeClusterRequest.FirstWithFenced)
            {
                writer.WriteBool(false);
            }

            writer.WriteNoTags();
        }

        writer.WriteInt32(Operations);
        writer.WriteNoTags();
    }
}
