using Freshet.Coordination.Access;
using Freshet.Coordination.Tree;

namespace Freshet.Coordination.Tests.Tree;

public class TreeDigestTests
{
    private static readonly Moment At = new(7, 1000);

    private static readonly Action<ZnodeTree>[] Differences =
    [
        tree => Create(tree, "/c"),
        tree => tree.Delete("/a/b", At),
        tree => tree.SetData("/a/b", "B"u8, isNull: false, version: 0, At),
        tree => tree.SetData("/a/b", "b"u8, isNull: false, version: 1, At),
        tree => tree.SetData("/a/b", "b"u8, isNull: false, version: 0, new Moment(8, 1000)),
        tree => tree.SetData("/a/b", "b"u8, isNull: false, version: 0, new Moment(7, 1001)),
        tree => tree.SetData("/a/b", new byte[5000], isNull: false, version: 0, At),
        tree => tree.SetAcl("/a/b", AclList.ReadOnly, aclVersion: 0),
        tree => tree.SetAcl("/a/b", AclList.Open, aclVersion: 1),
        tree => tree.SetAcl("/", AclList.ReadOnly, aclVersion: 0),
        tree => tree.Create("/a/b", "b"u8, dataIsNull: false, AclList.Open, owner: 5, creations: 1, At),
        tree => tree.Create("/a/b", "b"u8, dataIsNull: false, AclList.Open, owner: 0, creations: 2, At),
        tree => tree.Create("/d/b", "b"u8, dataIsNull: false, AclList.Open, owner: 0, creations: 0, At),
    ];

    [Fact]
    public void Equal_trees_have_equal_digests_however_they_came_to_be()
    {
        ZnodeTree tree = Example();
        Create(tree, "/c");
        tree.Delete("/c", At);
        ZnodeTree other = Example();
        other.SetData("/a/b", "something longer"u8, isNull: false, version: 5, new Moment(9, 9));
        other.SetAcl("/a", AclList.ReadOnly, aclVersion: 3);
        other.SetAcl("/a", AclList.Open, aclVersion: 0);
        other.SetData("/a/b", "b"u8, isNull: false, version: 0, At);
        Create(other, "/e");
        other.Delete("/e", At);
        Assert.Equal(tree.Digest!.Value, other.Digest!.Value);
    }

    [Fact]
    public void Each_difference_shows() => Assert.All(Differences, change =>
    {
        ZnodeTree tree = Example();
        change(tree);
        Assert.NotEqual(Example().Digest!.Value, tree.Digest!.Value);
    });

    [Fact]
    public void Null_and_empty_data_differ()
    {
        ZnodeTree tree = Example();
        tree.SetData("/a/b", default, isNull: false, version: 0, At);
        long empty = tree.Digest!.Value;
        tree.SetData("/a/b", default, isNull: true, version: 0, At);
        Assert.NotEqual(empty, tree.Digest!.Value);
    }

    private static ZnodeTree Example()
    {
        var tree = new ZnodeTree(withDigest: true);
        Create(tree, "/a");
        Create(tree, "/a/b");
        Create(tree, "/d");
        return tree;
    }

    private static void Create(ZnodeTree tree, string path) =>
        tree.Create(path, path[^1..].Select(letter => (byte)letter).ToArray(), dataIsNull: false, AclList.Open, owner: 0, creations: 1, At);
}
