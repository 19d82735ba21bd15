namespace Freshet.Protocol.Kafka.Messages;

/// <summary>Moves partitions to other folders of the same broker (Kafka protocol, AlterReplicaLogDirs, versions 1 and 2).</summary>
public sealed record AlterReplicaLogDirsRequest(IReadOnlyList<AlteredLogDir> Folders) : IKafkaReadable<AlterReplicaLogDirsRequest>
{
    /// <inheritdoc/>
    public static AlterReplicaLogDirsRequest Read(ref KafkaReader reader)
    {
        var request = new AlterReplicaLogDirsRequest(reader.ReadArray<AlteredLogDir>());
        reader.SkipTags();
        return request;
    }
}

/// <summary>A folder and the partitions that are to be in it.</summary>
public sealed record AlteredLogDir(string Path, IReadOnlyList<TopicPartitions> Topics) : IKafkaReadable<AlteredLogDir>
{
    /// <inheritdoc/>
    public static AlteredLogDir Read(ref KafkaReader reader)
    {
        var folder = new AlteredLogDir(reader.ReadString(), reader.ReadArray<TopicPartitions>());
        reader.SkipTags();
        return folder;
    }
}

/// <summary>What became of each partition.</summary>
public sealed record AlterReplicaLogDirsResponse(IReadOnlyList<TopicErrors> Topics) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteThrottle();
        writer.WriteArray(Topics);
        writer.WriteNoTags();
    }
}
