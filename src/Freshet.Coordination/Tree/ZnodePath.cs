using System.Text;

namespace Freshet.Coordination.Tree;

/// <summary>The rules of paths (ZooKeeper protocol, paths and names).</summary>
internal static class ZnodePath
{
    /// <summary>The path of the parent; the root's own for its children, empty for the root and for what is no absolute path.</summary>
    public static ReadOnlySpan<char> Parent(ReadOnlySpan<char> path) => path.LastIndexOf('/') switch
    {
        < 0 => default,
        0 => path.Length > 1 ? "/" : default,
        int slash => path[..slash],
    };

    public static string Of(Znode znode)
    {
        if (znode.Parent is null)
        {
            return "/";
        }

        var names = new Stack<Znode>();
        for (Znode? at = znode; at!.Parent is not null; at = at.Parent)
        {
            names.Push(at);
        }

        var path = new StringBuilder();
        foreach (Znode at in names)
        {
            path.Append('/').Append(Encoding.UTF8.GetString(at.Name));
        }

        return path.ToString();
    }

    /// <summary>Whether a znode of this path may exist.</summary>
    public static bool IsValid(ReadOnlySpan<char> path)
    {
        if (path.IsEmpty || path[0] != '/')
        {
            return false;
        }

        if (path.Length == 1)
        {
            return true;
        }

        foreach (Range segment in path[1..].Split('/'))
        {
            if (!IsValidName(path[1..][segment]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether the znode is part of every tree and cannot be deleted.</summary>
    public static bool IsProtected(ReadOnlySpan<char> path) => path is "/" or "/zookeeper" or "/zookeeper/quota" or "/zookeeper/config";

    private static bool IsValidName(ReadOnlySpan<char> name)
    {
        if (name is "" or "." or "..")
        {
            return false;
        }

        foreach (char unit in name)
        {
            // Control characters, surrogates with the private area, and the specials.
            if (unit is <= '\u001f' or (>= '\u007f' and <= '\u009f') or (>= '\ud800' and <= '\uf8ff') or >= '\ufff0')
            {
                return false;
            }
        }

        return true;
    }
}
