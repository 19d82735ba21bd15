namespace Freshet.Coordination.Requests.Writes;

/// <summary>Versions of data and access lists: they start at 0 and count changes; -1 stands for any.</summary>
internal static class DataVersion
{
    private const int Any = -1;

    public static bool Matches(int expected, int actual) => expected == Any || expected == actual;

    /// <summary>The next version; a wrap skips -1, which could not be asked for.</summary>
    public static int After(int version) => unchecked(version + 1) is int next && next == Any ? 0 : unchecked(version + 1);
}
