namespace Freshet.Protocol.Kafka.Messages;

/// <summary>Ends transactions in partitions, whatever their coordinator says: for repairs (Kafka protocol, WriteTxnMarkers, versions 1 and 2).</summary>
public sealed record WriteTxnMarkersRequest(IReadOnlyList<TxnMarker> Markers) : IKafkaReadable<WriteTxnMarkersRequest>
{
    /// <inheritdoc/>
    public static WriteTxnMarkersRequest Read(ref KafkaReader reader)
    {
        var request = new WriteTxnMarkersRequest(reader.ReadArray<TxnMarker>());
        reader.SkipTags();
        return request;
    }
}

/// <summary>The end of one producer's transaction.</summary>
public sealed record TxnMarker(long ProducerId, short ProducerEpoch, bool Committed, IReadOnlyList<TopicPartitions> Topics, int CoordinatorEpoch) : IKafkaReadable<TxnMarker>
{
    private const short FirstWithTransactionVersion = 2;

    /// <inheritdoc/>
    public static TxnMarker Read(ref KafkaReader reader)
    {
        var marker = new TxnMarker(reader.ReadInt64(), reader.ReadInt16(), reader.ReadBool(), reader.ReadArray<TopicPartitions>(), reader.ReadInt32());
        if (reader.Version >= FirstWithTransactionVersion)
        {
            reader.ReadInt8(); // Version of the transaction protocol: markers are the same in all.
        }

        reader.SkipTags();
        return marker;
    }
}

/// <summary>What became of each marker; there is no throttle time in this answer.</summary>
public sealed record WriteTxnMarkersResponse(IReadOnlyList<TxnMarkerResult> Markers) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteArray(Markers);
        writer.WriteNoTags();
    }
}

/// <summary>What became of one producer's markers.</summary>
public sealed record TxnMarkerResult(long ProducerId, IReadOnlyList<TopicErrors> Topics) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteInt64(ProducerId);
        writer.WriteArray(Topics);
        writer.WriteNoTags();
    }
}
