using Freshet.Broker.Fetching;
using Freshet.Broker.Partitions;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Requests;

/// <summary>Reads whole batches, and waits for them when there are too few yet.</summary>
internal sealed class FetchHandler(FetchReader reader, FetchSessions sessions, BrokerOptions options, TimeProvider time) : RequestHandler<FetchRequest>
{
    public override ApiKey Key => ApiKey.Fetch;

    public override short MinVersion => 4;

    public override short MaxVersion => 17;

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

        return plan.ToResponse(request.IsReadCommitted, answers);
    }

    private async ValueTask WaitAsync(FetchRequest request, FetchPlan plan, RequestContext context, FetchResponse.Partition[] answers, CancellationToken cancellation)
    {
        var wait = new FetchWait(Math.Min(request.MinBytes, options.MaxFetchBytes), request.IsReadCommitted);
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
