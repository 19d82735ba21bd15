using Freshet.Broker.Partitions;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Requests.Cluster;

/// <summary>Tells how much each partition stores, and how much room the disk has.</summary>
internal sealed class DescribeLogDirsHandler(PartitionRegistry partitions, BrokerOptions options) : RequestHandler<DescribeLogDirsRequest>
{
    public override ApiKey Key => ApiKey.DescribeLogDirs;

    public override short MinVersion => 1;

    public override short MaxVersion => 5;

    protected override ValueTask<IKafkaWritable?> HandleAsync(DescribeLogDirsRequest request, RequestContext context, CancellationToken cancellation)
    {
        if (!context.AllowsCluster(AclOperation.Describe))
        {
            return new(new DescribeLogDirsResponse(ErrorCode.ClusterAuthorizationFailed, []));
        }

        string path = Path.GetFullPath(options.DataDirectory);
        var disk = new DriveInfo(path);
        return new(new DescribeLogDirsResponse(
            ErrorCode.None,
            [new DescribeLogDirsResponse.LogDir(ErrorCode.None, path, Describe(request), disk.TotalSize, disk.AvailableFreeSpace)]));
    }

    private DescribeLogDirsResponse.Topic[] Describe(DescribeLogDirsRequest request) =>
    [
        .. (request.Topics is { } asked
            ? asked.SelectMany(topic => topic.Partitions.Select(index => partitions.Find(topic.Name, index))).OfType<Partition>()
            : partitions.All)
            .GroupBy(partition => partition.Topic)
            .Select(topic => new DescribeLogDirsResponse.Topic(
                topic.Key, [.. topic.Select(partition => new DescribeLogDirsResponse.Partition(partition.Index, partition.Size))])),
    ];
}
