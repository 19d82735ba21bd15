namespace Freshet.Protocol.Kafka.Messages;

/// <summary>One access rule: whom it allows or denies what, and on which resources.</summary>
/// <param name="ResourceType">Kind of the resources.</param>
/// <param name="ResourceName">Their name or the beginning of their names.</param>
/// <param name="PatternType">Which of both.</param>
/// <param name="Principal">Who, as <c>User:name</c>; <c>User:*</c> means everyone.</param>
/// <param name="Host">Address the client must come from; <c>*</c> means any.</param>
/// <param name="Operation">What is done.</param>
/// <param name="Permission">Allow or deny.</param>
public sealed record AclBinding(
    AclResourceType ResourceType, string ResourceName, AclPatternType PatternType, string Principal, string Host, AclOperation Operation, AclPermission Permission)
    : IKafkaReadable<AclBinding>
{
    /// <inheritdoc/>
    public static AclBinding Read(ref KafkaReader reader)
    {
        var binding = new AclBinding(
            (AclResourceType)reader.ReadInt8(), reader.ReadString(), (AclPatternType)reader.ReadInt8(),
            reader.ReadString(), reader.ReadString(), (AclOperation)reader.ReadInt8(), (AclPermission)reader.ReadInt8());
        reader.SkipTags();
        return binding;
    }
}
