namespace Freshet.Coordination.Tree;

/// <summary>What the owner field of a znode says about its kind (ZooKeeper protocol, create modes).</summary>
internal static class CreateModes
{
    /// <summary>Owner of a container.</summary>
    public const long ContainerOwner = long.MinValue;

    /// <summary>Longest time to live: the owner field has 40 bits for it.</summary>
    public const long MaxTtl = (1L << 40) - 1;

    /// <summary>The bits that say that the rest is a time to live.</summary>
    private const long TtlMark = unchecked((long)0xff00_0000_0000_0000UL);

    public static long TtlOwner(long milliseconds) => TtlMark | milliseconds;

    public static bool IsTtl(long owner) => (owner & TtlMark) == TtlMark;

    /// <summary>The time to live in a TTL znode's owner field, in milliseconds.</summary>
    public static long Ttl(long owner) => owner & MaxTtl;

    /// <summary>Whether the server itself removes the znode one day.</summary>
    public static bool IsContainerOrTtl(long owner) => owner == ContainerOwner || IsTtl(owner);

    /// <summary>Whether the owner is a session, which makes the znode ephemeral. Session ids are positive.</summary>
    public static bool IsSession(long owner) => owner > 0;
}
