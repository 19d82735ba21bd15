namespace Freshet.Broker.Access;

/// <summary>What the access rules say to an operation.</summary>
internal enum AclVerdict
{
    /// <summary>Nothing: the resource has no rules.</summary>
    NoRule,

    /// <summary>The resource has rules, but none allows it.</summary>
    NotAllowed,

    /// <summary>A rule allows it and none denies it.</summary>
    Allowed,

    /// <summary>A rule denies it.</summary>
    Denied,
}
