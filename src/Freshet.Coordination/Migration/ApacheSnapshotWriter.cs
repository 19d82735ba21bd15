using System.Buffers.Binary;
using Freshet.Coordination.Access;
using Freshet.Coordination.Transactions;
using Freshet.Coordination.Tree;
using Freshet.Protocol.Jute;
using Freshet.Storage.Files;

namespace Freshet.Coordination.Migration;

/// <summary>Writes a state without sessions as a snapshot that Apache ZooKeeper starts from.</summary>
internal sealed class ApacheSnapshotWriter : IDisposable
{
    private const int FlushBytes = 1 << 20;

    private readonly FileStream _file;
    private readonly JuteWriter _block = new(FlushBytes * 2);
    private readonly Dictionary<AclList, long> _lists = new() { [AclList.Open] = ApacheSnapshot.OpenAcl };
    private Adler32 _sum = new();

    private ApacheSnapshotWriter(string path) => _file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);

    public static void Write(string path, ReplicatedState state)
    {
        string draft = path + ".tmp";
        File.Delete(draft);
        using (var writer = new ApacheSnapshotWriter(draft))
        {
            writer.WriteHeader();
            writer.WriteLists(state.Tree);
            writer.WriteZnodes(state.Tree);
            writer.Finish();
        }

        File.Move(draft, path);
        DirectorySync.Flush(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    public void Dispose()
    {
        _file.Dispose();
        _block.Dispose();
    }

    private void WriteHeader()
    {
        _block.WriteInt32(ApacheSnapshot.Magic);
        _block.WriteInt32(ApacheSnapshot.Version);
        _block.WriteInt64(-1);
        _block.WriteInt32(0); // sessions
    }

    private void WriteLists(ZnodeTree tree)
    {
        var walk = new TreeWalk(tree.Root);
        while (walk.MoveNext())
        {
            _lists.TryAdd(walk.Current.Acl, _lists.Count);
        }

        _block.WriteInt32(_lists.Count - 1);
        foreach ((AclList list, long number) in _lists)
        {
            if (number != ApacheSnapshot.OpenAcl)
            {
                _block.WriteInt64(number);
                list.Write(_block);
            }
        }
    }

    private void WriteZnodes(ZnodeTree tree)
    {
        var walk = new TreeWalk(tree.Root);
        while (walk.MoveNext())
        {
            WriteZnode(walk.Current);
            if (_block.Length >= FlushBytes)
            {
                Flush();
            }
        }

        _block.WriteString(ApacheSnapshot.End);
        Flush();
    }

    private void WriteZnode(Znode znode)
    {
        _block.WriteString(znode.Parent is null ? "" : ZnodePath.Of(znode));
        znode.WriteData(_block);
        _block.WriteInt64(_lists[znode.Acl]);
        _block.WriteInt64(znode.Czxid);
        _block.WriteInt64(znode.Mzxid);
        _block.WriteInt64(znode.Ctime);
        _block.WriteInt64(znode.Mtime);
        _block.WriteInt32(znode.Version);
        _block.WriteInt32(znode.Creations);
        _block.WriteInt32(znode.AclVersion);
        _block.WriteInt64(znode.Owner);
        _block.WriteInt64(znode.Pzxid);
    }

    /// <summary>The checksum, and the path behind it by which Apache recognises a finished file.</summary>
    private void Finish()
    {
        Span<byte> checksum = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(checksum, _sum.Value);
        _block.WriteRaw(checksum);
        _block.WriteString(ApacheSnapshot.End);
        Flush();
        _file.Flush();
        DataSync.Flush(_file.SafeFileHandle);
    }

    private void Flush()
    {
        _sum.Append(_block.WrittenSpan);
        _file.Write(_block.WrittenSpan);
        _block.Clear();
    }
}
