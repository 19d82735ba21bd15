namespace Freshet.Protocol.Kafka.Messages;

#pragma warning disable CS1591 // The names are the protocol's own.

/// <summary>What an access rule is about (Kafka protocol, ACL resource types).</summary>
public enum AclResourceType : sbyte
{
    Unknown = 0,
    Any = 1,
    Topic = 2,
    Group = 3,
    Cluster = 4,
    TransactionalId = 5,
    DelegationToken = 6,
    User = 7,
}
