namespace Freshet.Protocol.Kafka;

/// <summary>A message, or a struct inside one, that is read from a frame.</summary>
/// <typeparam name="TSelf">The type itself.</typeparam>
public interface IKafkaReadable<TSelf>
    where TSelf : IKafkaReadable<TSelf>
{
    /// <summary>Reads it in the reader's version.</summary>
    /// <exception cref="KafkaFormatException">The bytes do not hold it.</exception>
    static abstract TSelf Read(ref KafkaReader reader);
}

/// <summary>A message, or a struct inside one, that is written to a frame.</summary>
public interface IKafkaWritable
{
    /// <summary>Writes it in the writer's version.</summary>
    void Write(ref KafkaWriter writer);
}
