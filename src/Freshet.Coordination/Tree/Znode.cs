using Freshet.Coordination.Access;
using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Tree;

/// <summary>
/// One node of the tree. A service holds millions of them, so the name and the data share one array, and what only
/// parents need sits in a <see cref="ZnodeFamily"/> that childless znodes do not have.
/// </summary>
internal sealed class Znode
{
    // The name, followed by the data.
    private byte[] _nameAndData;

    // The name's length; its complement when the data is null, which differs from empty. A field of its own would cost 8 bytes a znode.
    private int _nameLength;

    public Znode(Znode? parent, ReadOnlySpan<byte> name, int nameHash, ReadOnlySpan<byte> data, bool dataIsNull)
    {
        Parent = parent;
        NameHash = nameHash;
        _nameLength = dataIsNull ? ~name.Length : name.Length;
        _nameAndData = [.. name, .. data];
    }

    public Znode? Parent { get; }

    /// <summary>Hash of the name under <see cref="ChildTable.Hash"/>.</summary>
    public int NameHash { get; }

    public int NameLength => DataIsNull ? ~_nameLength : _nameLength;

    public ReadOnlySpan<byte> Name => _nameAndData.AsSpan(0, NameLength);

    /// <summary>Children and the counters of a parent; null as long as there never was a child.</summary>
    public ZnodeFamily? Family { get; private set; }

    public AclList Acl { get; set; } = AclList.Open;

    /// <summary>Session of an ephemeral znode, a <see cref="CreateMode"/> mark of a container or TTL znode, else 0.</summary>
    public long Owner { get; set; }

    public long Czxid { get; set; }

    public long Mzxid { get; set; }

    public long Ctime { get; set; }

    public long Mtime { get; set; }

    public int Version { get; set; }

    public int AclVersion { get; set; }

    public ReadOnlySpan<byte> Data => _nameAndData.AsSpan(NameLength);

    public bool DataIsNull => _nameLength < 0;

    public int ChildCount => Family?.Children.Count ?? 0;

    /// <summary>How many children were ever created here: the number of the next sequential child.</summary>
    public int Creations => Family?.Creations ?? 0;

    public long Pzxid => Family?.Pzxid ?? Czxid;

    /// <summary>Creations plus deletions, as ZooKeeper shows it.</summary>
    public int Cversion => unchecked((2 * Creations) - ChildCount);

    public void SetData(ReadOnlySpan<byte> data, bool isNull)
    {
        int nameLength = NameLength;
        if (_nameAndData.Length != nameLength + data.Length)
        {
            byte[] old = _nameAndData;
            _nameAndData = GC.AllocateUninitializedArray<byte>(nameLength + data.Length);
            old.AsSpan(0, nameLength).CopyTo(_nameAndData);
        }

        data.CopyTo(_nameAndData.AsSpan(nameLength));
        _nameLength = isNull ? ~nameLength : nameLength;
    }

    public void WriteData(JuteWriter writer)
    {
        if (DataIsNull)
        {
            writer.WriteNull();
        }
        else
        {
            writer.WriteBuffer(Data);
        }
    }

    public void WriteStat(JuteWriter writer) => new Stat(
        Czxid, Mzxid, Ctime, Mtime, Version, Cversion, AclVersion, CreateModes.IsSession(Owner) ? Owner : 0,
        Data.Length, ChildCount, Pzxid).Write(writer);

    public ZnodeFamily EnsureFamily() => Family ??= new ZnodeFamily { Pzxid = Czxid };
}

/// <summary>The children of a znode and the fields of its stat that only they change.</summary>
internal sealed class ZnodeFamily
{
    public ChildTable Children { get; } = new();

    public int Creations { get; set; }

    public long Pzxid { get; set; }
}
