using Freshet.Broker.Transactions;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;
using Freshet.Protocol.Kafka.Records;

namespace Freshet.Broker.Requests.Transactions;

/// <summary>
/// Ends transactions in partitions on an operator's word (<c>kafka-transactions abort</c>): for one that no coordinator knows, and
/// that would hold readers of committed records up for ever.
/// </summary>
internal sealed class WriteTxnMarkersHandler(TransactionMarkers markers) : RequestHandler<WriteTxnMarkersRequest>
{
    public override ApiKey Key => ApiKey.WriteTxnMarkers;

    public override short MinVersion => 1;

    public override short MaxVersion => 2;

    protected override async ValueTask<IKafkaWritable?> HandleAsync(WriteTxnMarkersRequest request, RequestContext context, CancellationToken cancellation)
    {
        bool allowed = context.AllowsCluster(AclOperation.Alter) || context.AllowsCluster(AclOperation.ClusterAction);
        var results = new List<TxnMarkerResult>();
        foreach (TxnMarker marker in request.Markers)
        {
            var topics = new List<TopicErrors>();
            foreach (TopicPartitions topic in marker.Topics)
            {
                topics.Add(new TopicErrors(topic.Name, await WriteAsync(marker, topic, allowed).ConfigureAwait(false)));
            }

            results.Add(new TxnMarkerResult(marker.ProducerId, topics));
        }

        return new WriteTxnMarkersResponse(results);
    }

    private async ValueTask<PartitionError[]> WriteAsync(TxnMarker marker, TopicPartitions topic, bool allowed)
    {
        var results = new PartitionError[topic.Partitions.Count];
        for (int number = 0; number < results.Length; number++)
        {
            int partition = topic.Partitions[number];
            ErrorCode error = allowed
                ? await markers.WriteAsync(
                    new TransactionPartition(topic.Name, partition), new ProducerIdentity(marker.ProducerId, marker.ProducerEpoch),
                    new ControlRecord(marker.Committed, marker.CoordinatorEpoch)).ConfigureAwait(false)
                : ErrorCode.ClusterAuthorizationFailed;
            results[number] = new PartitionError(partition, error);
        }

        return results;
    }
}
