using System.IO.Compression;
using System.Text;
using Freshet.Coordination.Access;
using Freshet.Coordination.Transactions;
using Freshet.Coordination.Tree;
using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Migration;

/// <summary>
/// Reads a snapshot as Apache ZooKeeper 3.5 to 3.9 write it: a header, sessions, access lists, the znodes from the root
/// down, a path "/" as end mark and a checksum. What newer releases put behind that is not needed.
/// </summary>
internal static class ApacheSnapshot
{
    public const int Magic = 0x5a4b534e; // "ZKSN"
    public const int Version = 2;
    public const string End = "/";

    /// <summary>Access list number of a znode that everyone may do everything with.</summary>
    public const long OpenAcl = -1;

    /// <summary>Takes the snapshot into a new state.</summary>
    /// <exception cref="InvalidDataException">The file is damaged or of a kind that is not read.</exception>
    /// <exception cref="EndOfStreamException">The file is unfinished.</exception>
    public static ReplicatedState Read(ApacheFile file)
    {
        using FileStream raw = new(file.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1 << 16);
        using Stream stream = Decompress(raw, file.Path);
        var archive = new ApacheArchive(stream, file.Path);
        if (archive.ReadInt32() != Magic || archive.ReadInt32() != Version)
        {
            throw new InvalidDataException($"{file.Path} is no snapshot of Apache ZooKeeper 3.5 to 3.9.");
        }

        archive.ReadInt64(); // the database id, which no release uses
        var state = new ReplicatedState { LastZxid = file.Zxid };
        for (int left = archive.ReadCount(); left > 0; left--)
        {
            state.Sessions.Open(archive.ReadInt64(), archive.ReadInt32());
        }

        Dictionary<long, AclList> lists = ReadAclLists(archive);
        for (string path = archive.ReadString(); path != End; path = archive.ReadString())
        {
            ReadZnode(archive, path, lists, state.Tree);
        }

        uint expected = archive.Checksum;
        return archive.ReadInt64() == expected ? state : throw archive.Damaged("its checksum does not match");
    }

    private static Stream Decompress(FileStream file, string path) => Path.GetExtension(path) switch
    {
        ".gz" => new BufferedStream(new GZipStream(file, CompressionMode.Decompress), 1 << 16),
        ".snappy" => throw new InvalidDataException(
            $"{path} is compressed with Snappy, which is not read. Start Apache ZooKeeper once with snapshot.compression.method unset: it writes a plain one."),
        _ => file,
    };

    private static Dictionary<long, AclList> ReadAclLists(ApacheArchive archive)
    {
        var lists = new Dictionary<long, AclList> { [OpenAcl] = AclList.Open };
        for (int left = archive.ReadCount(); left > 0; left--)
        {
            long number = archive.ReadInt64();
            var entries = new List<Acl>();
            for (int more = archive.ReadCount(); more > 0; more--)
            {
                entries.Add(new Acl((AclPermissions)archive.ReadInt32(), archive.ReadString(), archive.ReadString()));
            }

            lists[number] = new AclList([.. entries]);
        }

        return lists;
    }

    private static void ReadZnode(ApacheArchive archive, string path, Dictionary<long, AclList> lists, ZnodeTree tree)
    {
        byte[]? data = archive.ReadBuffer();
        if (!lists.TryGetValue(archive.ReadInt64(), out AclList? acl))
        {
            throw archive.Damaged($"znode {path} has an access list that is not in the file");
        }

        Znode znode = tree.Root;
        if (path.Length == 0)
        {
            znode.SetData(data, data is null);
        }
        else
        {
            znode = New(tree, path, data) ?? throw archive.Damaged($"znode {path} has no parent");
        }

        znode.Acl = tree.Acls.Intern(acl);
        (znode.Czxid, znode.Mzxid) = (archive.ReadInt64(), archive.ReadInt64());
        (znode.Ctime, znode.Mtime) = (archive.ReadInt64(), archive.ReadInt64());
        znode.Version = archive.ReadInt32();
        int creations = archive.ReadInt32();
        znode.AclVersion = archive.ReadInt32();
        znode.Owner = archive.ReadInt64();
        long pzxid = archive.ReadInt64();
        if (creations != 0 || pzxid != znode.Czxid)
        {
            ZnodeFamily family = znode.EnsureFamily();
            (family.Creations, family.Pzxid) = (creations, pzxid);
        }

        if (path.Length > 0)
        {
            tree.Restore(znode);
        }
    }

    private static Znode? New(ZnodeTree tree, string path, byte[]? data)
    {
        byte[] name = Encoding.UTF8.GetBytes(path[(path.LastIndexOf('/') + 1)..]);
        return tree.Find(ZnodePath.Parent(path)) is Znode parent ? new Znode(parent, name, ChildTable.Hash(name), data, data is null) : null;
    }
}
