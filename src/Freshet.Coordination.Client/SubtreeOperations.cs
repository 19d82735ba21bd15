using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Client;

/// <summary>Operations on more than one znode.</summary>
public static class SubtreeOperations
{
    /// <summary>Creates the persistent, empty znodes of a path that are missing.</summary>
    /// <exception cref="CoordinationException">The service refused, or the session is over. Repeating the call does no harm.</exception>
    public static ValueTask CreatePathAsync(this CoordinationClient client, string path, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentException.ThrowIfNullOrEmpty(path);
        return CreateUnlessThereAsync(client, PrefixesOf(path.TrimEnd('/')).Select(client.Sender.Connect.ToServer), cancellation);
    }

    /// <summary>Creates what is missing of the chroot in the client's connect string; does nothing without one.</summary>
    /// <exception cref="CoordinationException">The service refused, or the session is over. Repeating the call does no harm.</exception>
    public static ValueTask CreateChrootAsync(this CoordinationClient client, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        return CreateUnlessThereAsync(client, PrefixesOf(client.Sender.Connect.Chroot), cancellation);
    }

    /// <summary>How many znodes are below one, itself not counted. From ZooKeeper 3.6 on; the server walks all of them.</summary>
    /// <exception cref="CoordinationException">The service refused, or the session is over.</exception>
    public static ValueTask<int> GetAllChildrenNumberAsync(this CoordinationClient client, string path, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        return client.Sender.SendAsync(
            OpCode.GetAllChildrenNumber, path, client.Sender.BodyFor(path), (ref JuteReader reader) => reader.ReadInt32(), cancellation);
    }

    /// <summary>Paths of this session's own ephemeral znodes, in no particular order. From ZooKeeper 3.6 on.</summary>
    /// <param name="prefix">What the paths must begin with, as plain text; <c>/</c> for all.</param>
    /// <exception cref="CoordinationException">The service refused, or the session is over.</exception>
    public static ValueTask<IReadOnlyList<string>> GetEphemeralsAsync(
        this CoordinationClient client, string prefix = "/", CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentException.ThrowIfNullOrEmpty(prefix);
        var body = new JuteWriter();
        body.WriteString(client.Sender.Connect.Chroot + prefix); // not ToServer: /app/ must not find /apple
        return client.Sender.SendAsync<IReadOnlyList<string>>(
            OpCode.GetEphemerals, prefix, body, (ref JuteReader reader) => Array.ConvertAll(reader.ReadStrings(), client.Sender.Connect.ToClient), cancellation);
    }

    /// <summary>Every znode on the way to a path, the path included, topmost first.</summary>
    private static IEnumerable<string> PrefixesOf(string path)
    {
        for (int end = 0; end < path.Length;)
        {
            int slash = path.IndexOf('/', end + 1);
            end = slash < 0 ? path.Length : slash;
            yield return path[..end];
        }
    }

    /// <summary>Asks for all of them at once: the server takes the requests of a session in their order, parents first.</summary>
    private static ValueTask CreateUnlessThereAsync(CoordinationClient client, IEnumerable<string> serverPaths, CancellationToken cancellation) =>
        new(Task.WhenAll(serverPaths.Select(path => CreateUnlessThereAsync(client, path, cancellation))));

    private static Task<bool> CreateUnlessThereAsync(CoordinationClient client, string serverPath, CancellationToken cancellation)
    {
        var body = new JuteWriter();
        body.WriteString(serverPath);
        new CreateRecord(default, CreateMode.Persistent, Acl: null, TimeToLive: null).Write(body);
        return client.Sender.SendAsync(OpCode.Create, serverPath, body, (ref JuteReader _) => true, cancellation, expected: ErrorCode.NodeExists).AsTask();
    }
}
