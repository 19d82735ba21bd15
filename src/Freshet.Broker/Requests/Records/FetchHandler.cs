using Freshet.Broker.Fetching;
using Freshet.Broker.Monitoring;
using Freshet.Broker.Partitions;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Requests.Records;

/// <summary>Reads whole batches, and waits for them when there are too few yet.</summary>
internal sealed class FetchHandler(FetchReader reader, FetchSessions sessions, TimeProvider time, BrokerFigures figures) : RequestHandler<FetchRequest>
{
    public override ApiKey Key => ApiKey.Fetch;

    public override short MinVersion => 4;

    public override short MaxVersion => 18;

    protected override async ValueTask<IKafkaWritable?> HandleAsync(FetchRequest request, RequestContext context, CancellationToken cancellation)
    {
        (FetchPlan plan, ErrorCode error) = sessions.Plan(request, context.Version >= FetchRequest.FirstWithTopicIds);
        if (error != ErrorCode.None)
        {
            return new FetchResponse(error, 0, request.IsReadCommitted, []);
        }

        var answers = new FetchResponse.Partition[plan.Targets.Length];
        if (!reader.Read(request, plan, context, answers, out _) && request.MaxWaitMs > 0)
        {
            await WaitAsync(request, plan, context, answers, cancellation).ConfigureAwait(false);
        }

        Measure(plan, answers);
        return plan.ToResponse(request.IsReadCommitted, answers);
    }

    private void Measure(FetchPlan plan, FetchResponse.Partition[] answers)
    {
        for (int number = 0; number < answers.Length; number++)
        {
            if (answers[number].Records is { Length: > 0 } records)
            {
                plan[number].Found?.Traffic.Sent(records.Length);
                figures.Traffic.Sent(records.Length);
            }
            else if (answers[number].Error != ErrorCode.None)
            {
                plan[number].Found?.Traffic.FetchFailed();
                figures.Traffic.FetchFailed();
            }
        }
    }

    private async ValueTask WaitAsync(FetchRequest request, FetchPlan plan, RequestContext context, FetchResponse.Partition[] answers, CancellationToken cancellation)
    {
        var wait = new FetchWait((int)Math.Min(request.MinBytes, reader.MaxBytes(request, context)), request.IsReadCommitted);
        AddTo(plan, wait);
        try
        {
            // What came between the first look and the registration is found by a second look.
            if (!reader.Read(request, plan, context, answers, out long bytes))
            {
                wait.Add(bytes);
                await wait.WaitAsync(TimeSpan.FromMilliseconds(request.MaxWaitMs), time, cancellation).ConfigureAwait(false);
                reader.Read(request, plan, context, answers, out _);
            }
        }
        finally
        {
            RemoveFrom(plan, wait);
        }
    }

    private static void AddTo(FetchPlan plan, FetchWait wait)
    {
        foreach (ref FetchTarget target in plan.Targets.AsSpan())
        {
            target.Found?.AddWait(wait);
        }
    }

    private static void RemoveFrom(FetchPlan plan, FetchWait wait)
    {
        foreach (ref FetchTarget target in plan.Targets.AsSpan())
        {
            target.Found?.RemoveWait(wait);
        }
    }
}
