using System.Buffers;
using System.Text;

namespace Freshet.Coordination.Admin;

/// <summary>
/// The words that scripts and monitoring send instead of a first frame. Read as a frame's length, each would be far above
/// any limit, so they cannot be confused with one (ZooKeeper administration, four letter words).
/// </summary>
internal static class FourLetterWord
{
    /// <summary>What clients parse as the server's version: it must begin with three plain numbers.</summary>
    private const string Version = "3.9.4-freshet";
    private const int Length = 4;

    /// <summary>Takes a word off the start of a fresh connection; null when it starts with anything else.</summary>
    public static string? TryTake(ref ReadOnlySequence<byte> input)
    {
        if (input.Length < Length)
        {
            return null;
        }

        Span<byte> first = stackalloc byte[Length];
        input.Slice(0, Length).CopyTo(first);
        if (first.ContainsAnyExceptInRange((byte)'a', (byte)'z'))
        {
            return null;
        }

        input = input.Slice(Length);
        return Encoding.ASCII.GetString(first);
    }

    public static string Answer(string word, CoordinationServer server) => word switch
    {
        "ruok" => "imok",
        "isro" => server.IsServing ? "rw" : "null",
        "srvr" => Status(server),
        "envi" => Environment(),
        _ => $"{word} is not executed because it is not in the whitelist.\n",
    };

    private static string Status(CoordinationServer server) => server.IsServing
        ? $"""
           Zookeeper version: {Version}
           Latency min/avg/max: 0/0/0
           Received: {server.Requests.Received}
           Connections: {server.ConnectionCount}
           Outstanding: {server.Pipeline.LastProposed - server.State.LastZxid}
           Zxid: 0x{server.State.LastZxid:x}
           Mode: standalone
           Node count: {server.State.Tree.Count}

           """
        : "This ZooKeeper instance is not currently serving requests\n";

    private static string Environment() =>
        $"""
         Environment:
         zookeeper.version={Version}
         host.name={System.Environment.MachineName}
         os.name={System.Environment.OSVersion.Platform}
         runtime.version={System.Environment.Version}

         """;
}
