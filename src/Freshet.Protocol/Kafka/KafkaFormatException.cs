namespace Freshet.Protocol.Kafka;

/// <summary>Bytes of a frame do not form the message they claim to be.</summary>
public sealed class KafkaFormatException : Exception
{
    /// <summary>Says what is wrong.</summary>
    public KafkaFormatException(string message)
        : base(message)
    {
    }

    /// <summary>Says what is wrong and why.</summary>
    public KafkaFormatException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>A message without details.</summary>
    public KafkaFormatException()
    {
    }
}
