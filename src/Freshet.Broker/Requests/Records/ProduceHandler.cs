using Freshet.Broker.Cluster;
using Freshet.Broker.Cluster.Topics;
using Freshet.Broker.Monitoring;
using Freshet.Broker.Partitions;
using Freshet.Broker.Partitions.Batches;
using Freshet.Broker.Transactions;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;
using Freshet.Protocol.Kafka.Records;

namespace Freshet.Broker.Requests.Records;

/// <summary>Appends the batches of a request, each to its partition. What fails for one does not touch the others.</summary>
internal sealed class ProduceHandler(PartitionRegistry partitions, ClusterState cluster, TransactionCoordinator transactions, BrokerFigures figures) : RequestHandler<ProduceRequest>
{
    private const short FirstWithZstd = 7;

    public override ApiKey Key => ApiKey.Produce;

    // Told from 0 because librdkafka judges compression by it; versions before 3 carry formats that are gone.
    public override short MinVersion => 0;

    public override short FirstAcceptedVersion => 3;

    public override short MaxVersion => 13;

    protected override async ValueTask<IKafkaWritable?> HandleAsync(ProduceRequest request, RequestContext context, CancellationToken cancellation)
    {
        ProduceTransaction transaction = request.TransactionalId is null
            ? ProduceTransaction.None
            : await BeginAsync(request, context, cancellation).ConfigureAwait(false);
        // Everything is appended before the disk is waited for, so that the partitions of a request wait together.
        ProduceResponse.Topic[] topics = [.. request.Topics.Select(topic => Append(request, topic, transaction, context))];
        bool failed = false;
        foreach (ProduceResponse.Topic topic in topics)
        {
            for (int number = 0; number < topic.Partitions.Length; number++)
            {
                topic.Partitions[number] = await WaitForDiskAsync(topic.Name, topic.Partitions[number], cancellation).ConfigureAwait(false);
                failed |= topic.Partitions[number].Error != ErrorCode.None;
            }
        }

        if (request.Acks != 0)
        {
            return new ProduceResponse(topics);
        }

        // The client waits for no answer; a closed connection makes it look again.
        context.CloseConnection = failed;
        return null;
    }

    private async ValueTask<ProduceTransaction> BeginAsync(ProduceRequest request, RequestContext context, CancellationToken cancellation) =>
        context.AllowsTransactionalId(AclOperation.Write, request.TransactionalId!)
            ? await ProduceTransaction.BeginAsync(transactions, request, NameOf, context.Version, cancellation).ConfigureAwait(false)
            : ProduceTransaction.Refused(ErrorCode.TransactionalIdAuthorizationFailed);

    private string? NameOf(ProduceRequest.Topic topic) => topic.Name ?? cluster.View.Find(topic.Id)?.Name;

    private ProduceResponse.Topic Append(ProduceRequest request, ProduceRequest.Topic topic, ProduceTransaction transaction, RequestContext context)
    {
        string? name = NameOf(topic);
        var answers = new ProduceResponse.Partition[topic.Partitions.Length];
        for (int number = 0; number < answers.Length; number++)
        {
            ProduceRequest.Partition asked = topic.Partitions[number];
            answers[number] = Answer(name, asked.Index, Append(request.Acks, name, asked, transaction, context));
        }

        return new ProduceResponse.Topic(name, topic.Id, answers);
    }

    private AppendResult Append(short acks, string? topic, ProduceRequest.Partition asked, ProduceTransaction transaction, RequestContext context)
    {
        if (acks is < -1 or > 1)
        {
            return AppendResult.Refused(ErrorCode.InvalidRequiredAcks, $"Acks must be 0, 1 or -1, not {acks}.");
        }

        if (topic is null)
        {
            return AppendResult.Refused(ErrorCode.UnknownTopicId, "There is no topic with this id.");
        }

        if (!context.AllowsTopic(AclOperation.Write, topic))
        {
            return AppendResult.Refused(ErrorCode.TopicAuthorizationFailed);
        }

        if (Topic.IsInternalName(topic))
        {
            return AppendResult.Refused(ErrorCode.InvalidTopicException, "Only the broker writes to its own topics.");
        }

        if (partitions.Find(topic, asked.Index) is not { } partition)
        {
            return AppendResult.Refused(partitions.ErrorOf(topic, asked.Index));
        }

        if (asked.Records is not { Length: > 0 } records)
        {
            return AppendResult.Refused(ErrorCode.InvalidRecord, "The request holds no batch for this partition.");
        }

        int count = records.Length >= RecordBatch.HeaderSize ? new RecordBatch(records.Span).RecordCount : 0;
        AppendResult appended = context.Version < FirstWithZstd && IsZstd(records.Span)
            ? AppendResult.Refused(ErrorCode.UnsupportedCompressionType, "Zstd needs Produce version 7.")
            : transaction.Append(partition, records.Span);
        Measure(partition, appended.Error, count, records.Length);
        return appended;
    }

    private void Measure(Partition partition, ErrorCode error, int messages, int bytes)
    {
        if (error == ErrorCode.None)
        {
            partition.Traffic.Received(messages, bytes);
            figures.Traffic.Received(messages, bytes);
        }
        else
        {
            partition.Traffic.ProduceFailed();
            figures.Traffic.ProduceFailed();
        }
    }

    private async ValueTask<ProduceResponse.Partition> WaitForDiskAsync(string? topic, ProduceResponse.Partition answer, CancellationToken cancellation)
    {
        if (answer.Error != ErrorCode.None || partitions.Find(topic!, answer.Index) is not { } partition)
        {
            return answer;
        }

        AppendResult safe = await partition.WaitForDiskAsync(
            new AppendResult(answer.Error, answer.BaseOffset, answer.LogAppendTimeMs), cancellation).ConfigureAwait(false);
        return safe.Error == ErrorCode.None ? answer : Answer(topic, answer.Index, safe);
    }

    private static ProduceResponse.Partition Answer(string? topic, int index, AppendResult result) => new(
        index, result.Error, result.BaseOffset, result.LogAppendTime, result.LogStartOffset, result.Message)
    {
        BadRecords = result.BadRecords,
    };

    private static bool IsZstd(ReadOnlySpan<byte> batch) =>
        batch.Length >= RecordBatch.HeaderSize && new RecordBatch(batch).Attributes.Compression == Compression.Zstd;
}
