namespace Freshet.Protocol.Jute;

/// <summary>Kinds of znodes, as the flags of a create say. The numbers are the wire's.</summary>
public enum CreateMode
{
    /// <summary>Stays until deleted.</summary>
    Persistent = 0,

    /// <summary>Goes with the session that created it.</summary>
    Ephemeral = 1,

    /// <summary>Stays; its name ends with the parent's next number.</summary>
    PersistentSequential = 2,

    /// <summary>Goes with its session; its name ends with the parent's next number.</summary>
    EphemeralSequential = 3,

    /// <summary>Goes some time after its last child went.</summary>
    Container = 4,

    /// <summary>Goes when childless and unchanged for its time to live.</summary>
    PersistentTtl = 5,

    /// <summary>As <see cref="PersistentTtl"/>, numbered.</summary>
    PersistentSequentialTtl = 6,
}
