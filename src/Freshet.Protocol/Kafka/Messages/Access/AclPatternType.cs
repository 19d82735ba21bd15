namespace Freshet.Protocol.Kafka.Messages;

/// <summary>How the name in an access rule, or in a filter of rules, is compared (Kafka protocol, ACL pattern types).</summary>
public enum AclPatternType : sbyte
{
    /// <summary>None that is known.</summary>
    Unknown = 0,

    /// <summary>In a filter: rules of every pattern type.</summary>
    Any = 1,

    /// <summary>In a filter: every rule that applies to the name.</summary>
    Match = 2,

    /// <summary>The name itself; <c>*</c> means all names.</summary>
    Literal = 3,

    /// <summary>All names that begin with it.</summary>
    Prefixed = 4,
}
