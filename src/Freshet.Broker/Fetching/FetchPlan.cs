using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Fetching;

/// <summary>What one fetch reads, in which order, and for which session.</summary>
/// <param name="Targets">The partitions. A session's own, so entries change while the session goes on.</param>
/// <param name="First">Where to begin: a session goes round, so that no partition starves behind the others.</param>
/// <param name="Session">Session to remember the answer in, or null.</param>
/// <param name="OnlyChanges">Whether partitions without news are left out of the answer.</param>
internal readonly record struct FetchPlan(FetchTarget[] Targets, int First, FetchSession? Session, bool OnlyChanges)
{
    /// <summary>The target to read as the n-th.</summary>
    public ref FetchTarget this[int number] => ref Targets[(First + number) % Targets.Length];

    public static FetchPlan Sessionless(FetchRequest request) => new(TargetsOf(request.Topics), 0, null, OnlyChanges: false);

    public static FetchTarget[] TargetsOf(FetchRequest.Topic[] topics)
    {
        int count = 0;
        foreach (FetchRequest.Topic topic in topics)
        {
            count += topic.Partitions.Length;
        }

        var targets = new FetchTarget[count];
        int number = 0;
        foreach (FetchRequest.Topic topic in topics)
        {
            foreach (FetchRequest.Partition asked in topic.Partitions)
            {
                targets[number++] = new FetchTarget(new FetchTopic(topic.Name, topic.Id), asked);
            }
        }

        return targets;
    }

    /// <summary>The answer to send. Answers that are left out are overwritten, so this is done once.</summary>
    /// <param name="answers">One per target, in the plan's order.</param>
    public FetchResponse ToResponse(bool isReadCommitted, FetchResponse.Partition[] answers)
    {
        if (Session is null)
        {
            return new FetchResponse(ErrorCode.None, 0, isReadCommitted, Group(answers));
        }

        lock (Session)
        {
            return new FetchResponse(ErrorCode.None, Session.Id, isReadCommitted, Group(answers));
        }
    }

    private FetchResponse.Topic[] Group(FetchResponse.Partition[] answers)
    {
        var topics = new List<FetchResponse.Topic>();
        FetchTopic current = default;
        int start = 0;
        int kept = 0;
        int lastRead = -1;
        for (int number = 0; number < answers.Length; number++)
        {
            ref FetchTarget target = ref this[number];
            lastRead = answers[number].Records is { Length: > 0 } ? number : lastRead;
            if (Session is not null && !target.Told(answers[number]) && OnlyChanges)
            {
                continue;
            }

            if (kept > start && target.Topic != current)
            {
                topics.Add(new FetchResponse.Topic(current.Name, current.Id, answers.AsMemory(start, kept - start)));
                start = kept;
            }

            current = target.Topic;
            answers[kept++] = answers[number];
        }

        if (kept > start)
        {
            topics.Add(new FetchResponse.Topic(current.Name, current.Id, answers.AsMemory(start, kept - start)));
        }

        if (lastRead >= 0)
        {
            Session?.BeginAt(First + lastRead + 1);
        }

        return [.. topics];
    }
}
