using Freshet.Broker.Partitions;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Requests.Cluster;

/// <summary>Answers wishes to have partitions in another folder: the broker has one.</summary>
internal sealed class AlterReplicaLogDirsHandler(PartitionRegistry partitions, BrokerOptions options) : RequestHandler<AlterReplicaLogDirsRequest>
{
    public override ApiKey Key => ApiKey.AlterReplicaLogDirs;

    public override short MinVersion => 1;

    public override short MaxVersion => 2;

    protected override ValueTask<IKafkaWritable?> HandleAsync(AlterReplicaLogDirsRequest request, RequestContext context, CancellationToken cancellation)
    {
        bool allowed = context.AllowsCluster(AclOperation.Alter);
        IEnumerable<(string Topic, PartitionError Answer)> answers =
            from folder in request.Folders
            from topic in folder.Topics
            from index in topic.Partitions
            select (topic.Name, new PartitionError(index, allowed ? Move(folder.Path, topic.Name, index) : ErrorCode.ClusterAuthorizationFailed));
        return new(new AlterReplicaLogDirsResponse(
            [.. answers.GroupBy(answer => answer.Topic, answer => answer.Answer).Select(topic => new TopicErrors(topic.Key, [.. topic]))]));
    }

    private ErrorCode Move(string path, string topic, int index) =>
        Path.TrimEndingDirectorySeparator(path) != Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.DataDirectory)) ? ErrorCode.LogDirNotFound
        : partitions.Find(topic, index) is null ? partitions.ErrorOf(topic, index)
        : ErrorCode.None;
}
