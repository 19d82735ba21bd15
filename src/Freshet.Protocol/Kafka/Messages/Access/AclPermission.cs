namespace Freshet.Protocol.Kafka.Messages;

#pragma warning disable CS1591 // The names are the protocol's own.

/// <summary>Whether an access rule allows or denies (Kafka protocol, ACL permission types).</summary>
public enum AclPermission : sbyte
{
    Unknown = 0,
    Any = 1,
    Deny = 2,
    Allow = 3,
}
