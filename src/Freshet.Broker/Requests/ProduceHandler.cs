using Freshet.Broker.Partitions;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;
using Freshet.Protocol.Kafka.Records;

namespace Freshet.Broker.Requests;

/// <summary>Appends the batches of a request, each to its partition. What fails for one does not touch the others.</summary>
internal sealed class ProduceHandler(PartitionRegistry partitions) : RequestHandler<ProduceRequest>
{
    private const short FirstWithZstd = 7;
    private const string OffsetsTopic = "__consumer_offsets";

    public override ApiKey Key => ApiKey.Produce;

    // Told from 0 because librdkafka judges compression by it; versions before 3 carry formats that are gone.
    public override short MinVersion => 0;

    public override short FirstAcceptedVersion => 3;

    public override short MaxVersion => 11;

    protected override async ValueTask<IKafkaWritable?> HandleAsync(ProduceRequest request, RequestContext context, CancellationToken cancellation)
    {
        // All appends are under way before the first is waited for, so that those that need the disk share one flush.
        var appends = new ValueTask<AppendResult>[request.Topics.Length][];
        for (int topic = 0; topic < appends.Length; topic++)
        {
            appends[topic] = Append(request, request.Topics[topic], context.Version, cancellation);
        }

        bool failed = false;
        var answers = new ProduceResponse.Topic[appends.Length];
        for (int topic = 0; topic < appends.Length; topic++)
        {
            ProduceRequest.Topic asked = request.Topics[topic];
            var results = new ProduceResponse.Partition[asked.Partitions.Length];
            for (int number = 0; number < results.Length; number++)
            {
                AppendResult result = await appends[topic][number].ConfigureAwait(false);
                failed |= result.Error != ErrorCode.None;
                results[number] = Answer(asked.Name, asked.Partitions[number].Index, result);
            }

            answers[topic] = new ProduceResponse.Topic(asked.Name, results);
        }

        if (request.Acks != 0)
        {
            return new ProduceResponse(answers);
        }

        // The client waits for no answer; a closed connection makes it look again.
        context.CloseConnection = failed;
        return null;
    }

    private ValueTask<AppendResult>[] Append(ProduceRequest request, ProduceRequest.Topic topic, short version, CancellationToken cancellation)
    {
        var appends = new ValueTask<AppendResult>[topic.Partitions.Length];
        for (int number = 0; number < appends.Length; number++)
        {
            appends[number] = Append(request.Acks, topic.Name, topic.Partitions[number], version, cancellation);
        }

        return appends;
    }

    private ValueTask<AppendResult> Append(
        short acks, string topic, ProduceRequest.Partition asked, short version, CancellationToken cancellation)
    {
        if (acks is < -1 or > 1)
        {
            return Refuse(ErrorCode.InvalidRequiredAcks, $"Acks must be 0, 1 or -1, not {acks}.");
        }

        if (topic == OffsetsTopic)
        {
            return Refuse(ErrorCode.InvalidTopicException, "Only the broker writes committed offsets.");
        }

        if (partitions.Find(topic, asked.Index) is not { } partition)
        {
            return Refuse(partitions.ErrorOf(topic, asked.Index));
        }

        if (asked.Records is not { Length: > 0 } records)
        {
            return Refuse(ErrorCode.InvalidRecord, "The request holds no batch for this partition.");
        }

        return version < FirstWithZstd && IsZstd(records.Span)
            ? Refuse(ErrorCode.UnsupportedCompressionType, "Zstd needs Produce version 7.")
            : partition.AppendAsync(records, cancellation);
    }

    private ProduceResponse.Partition Answer(string topic, int index, AppendResult result) => new(
        index, result.Error, result.BaseOffset, result.LogAppendTime,
        result.Error == ErrorCode.None ? partitions.Find(topic, index)?.LogStartOffset ?? -1 : -1, result.Message);

    private static bool IsZstd(ReadOnlySpan<byte> batch) =>
        batch.Length >= RecordBatch.HeaderSize && new RecordBatch(batch).Attributes.Compression == Compression.Zstd;

    private static ValueTask<AppendResult> Refuse(ErrorCode error, string? message = null) => ValueTask.FromResult(AppendResult.Refused(error, message));
}
