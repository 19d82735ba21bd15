using Freshet.Broker.Partitions;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Fetching;

/// <summary>One partition that a fetch reads. Lies in an array, so that a fetch of many partitions allocates once.</summary>
internal struct FetchTarget
{
    /// <summary>High watermark of a target that has not been answered.</summary>
    public const long NeverSent = -1;

    public FetchTopic Topic;
    public FetchRequest.Partition Asked;

    /// <summary>The partition once found. It may be deleted since.</summary>
    public Partition? Found;

    /// <summary>What the session's client was told last.</summary>
    public long SentHighWatermark;
    public long SentLogStart;

    public FetchTarget(FetchTopic topic, FetchRequest.Partition asked)
    {
        Topic = topic;
        Asked = asked;
        SentHighWatermark = NeverSent;
        SentLogStart = NeverSent;
    }

    /// <summary>Notes what the session's client is told, and says whether that is news to it.</summary>
    public bool Told(in FetchResponse.Partition answer)
    {
        bool isNews = answer.Error != ErrorCode.None || answer.Records?.Length > 0 || answer.Diverging is not null
            || answer.HighWatermark != SentHighWatermark || answer.LogStartOffset != SentLogStart;
        // After an error the next good answer is news, whatever it says.
        SentHighWatermark = answer.Error == ErrorCode.None ? answer.HighWatermark : NeverSent;
        SentLogStart = answer.LogStartOffset;
        return isNews;
    }
}

/// <summary>A topic as a fetch names it: by name, or by id with a null name.</summary>
internal readonly record struct FetchTopic(string? Name, Guid Id);
