using Freshet.Protocol.Kafka;

namespace Freshet.Broker.Groups;

/// <summary>What consumers of the classic protocol tell each other when they join; the broker only wants to know their topics (Kafka's ConsumerProtocolSubscription).</summary>
internal static class SubscriptionMetadata
{
    /// <summary>Protocol type of groups of consumers; others carry metadata of their own.</summary>
    public const string ConsumerType = "consumer";

    /// <summary>The topics; null when the bytes are not such a subscription.</summary>
    public static string[]? TopicsOf(byte[] metadata)
    {
        try
        {
            var reader = new KafkaReader(metadata, version: 0, flexible: false);
            return reader.ReadInt16() >= 0 ? reader.ReadStringArray() : null;
        }
        catch (KafkaFormatException)
        {
            return null;
        }
    }
}
