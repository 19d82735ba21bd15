namespace Freshet.Protocol.Kafka.Messages;

/// <summary>Asks what a broker stores where (Kafka protocol, DescribeLogDirs, versions 1 to 5).</summary>
/// <param name="Topics">Partitions asked for; null means all.</param>
public sealed record DescribeLogDirsRequest(DescribeLogDirsRequest.Topic[]? Topics) : IKafkaReadable<DescribeLogDirsRequest>
{
    /// <inheritdoc/>
    public static DescribeLogDirsRequest Read(ref KafkaReader reader)
    {
        var request = new DescribeLogDirsRequest(reader.ReadNullableArray<Topic>());
        reader.SkipTags();
        return request;
    }

    /// <summary>Partitions of one topic.</summary>
    public sealed record Topic(string Name, int[] Partitions) : IKafkaReadable<Topic>
    {
        /// <inheritdoc/>
        public static Topic Read(ref KafkaReader reader)
        {
            var topic = new Topic(reader.ReadString(), reader.ReadInt32Array());
            reader.SkipTags();
            return topic;
        }
    }
}

/// <summary>The folders of a broker and the partitions in them.</summary>
public sealed record DescribeLogDirsResponse(ErrorCode Error, DescribeLogDirsResponse.LogDir[] Directories) : IKafkaWritable
{
    /// <inheritdoc/>
    public void Write(ref KafkaWriter writer)
    {
        writer.WriteThrottle();
        if (writer.Version >= 3)
        {
            writer.WriteError(Error);
        }

        writer.WriteArray(Directories);
        writer.WriteNoTags();
    }

    /// <summary>One folder.</summary>
    /// <param name="Error">Why it cannot be used, or none.</param>
    /// <param name="Path">Its full path.</param>
    /// <param name="Topics">What it holds.</param>
    /// <param name="TotalBytes">Size of its disk.</param>
    /// <param name="UsableBytes">Free space of its disk.</param>
    public sealed record LogDir(ErrorCode Error, string Path, Topic[] Topics, long TotalBytes, long UsableBytes) : IKafkaWritable
    {
        /// <inheritdoc/>
        public void Write(ref KafkaWriter writer)
        {
            writer.WriteError(Error);
            writer.WriteString(Path);
            writer.WriteArray(Topics);
            if (writer.Version >= 4)
            {
                writer.WriteInt64(TotalBytes);
                writer.WriteInt64(UsableBytes);
            }

            if (writer.Version >= 5)
            {
                writer.WriteBool(false); // Closed to new partitions.
            }

            writer.WriteNoTags();
        }
    }

    /// <summary>Partitions of one topic.</summary>
    public sealed record Topic(string Name, Partition[] Partitions) : IKafkaWritable
    {
        /// <inheritdoc/>
        public void Write(ref KafkaWriter writer)
        {
            writer.WriteString(Name);
            writer.WriteArray(Partitions);
            writer.WriteNoTags();
        }
    }

    /// <summary>One partition and its size in bytes.</summary>
    public readonly record struct Partition(int Index, long Size) : IKafkaWritable
    {
        /// <inheritdoc/>
        public void Write(ref KafkaWriter writer)
        {
            writer.WriteInt32(Index);
            writer.WriteInt64(Size);
            writer.WriteInt64(0); // Lag behind the high watermark: the only copy has none.
            writer.WriteBool(false); // A copy on its way to another folder.
            writer.WriteNoTags();
        }
    }
}
