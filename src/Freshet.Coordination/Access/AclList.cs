using Freshet.Protocol;
using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Access;

/// <summary>
/// The access list of a znode. Interned by <see cref="AclTable"/>: trees have millions of znodes and a handful of lists,
/// so equal lists are one object.
/// </summary>
internal sealed class AclList(Acl[] entries) : IEquatable<AclList>
{
    /// <summary>Everyone may do everything.</summary>
    public static AclList Open { get; } = new([.. Acl.Open]);

    /// <summary>Everyone may read, nobody else anything: the list of /zookeeper/config.</summary>
    public static AclList ReadOnly { get; } = new([new Acl(AclPermissions.Read, "world", "anyone")]);

    private static byte[] OpenBytes { get; } = Encode(Open);

    public IReadOnlyList<Acl> Entries => entries;

    /// <summary>A number for the list that every server computes alike, for a tree's digest.</summary>
    public uint Digest => field != 0 ? field : field = Crc32C.Compute(Encode(this));

    public void Write(JuteWriter writer) => Acl.WriteList(writer, entries);

    /// <summary>Reads a list. The open one, which nearly every znode has, is recognized by its bytes.</summary>
    public static AclList Read(ref JuteReader reader) => reader.TrySkip(OpenBytes) ? Open : new AclList(Acl.ReadList(ref reader) ?? []);

    private static byte[] Encode(AclList list)
    {
        using var writer = new JuteWriter();
        list.Write(writer);
        return writer.WrittenSpan.ToArray();
    }

    public bool Equals(AclList? other) => other is not null && (ReferenceEquals(this, other) || entries.AsSpan().SequenceEqual(other.Entries as Acl[]));

    public override bool Equals(object? obj) => Equals(obj as AclList);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (Acl entry in entries)
        {
            hash.Add(entry);
        }

        return hash.ToHashCode();
    }
}
