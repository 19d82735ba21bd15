using System.Globalization;

namespace Freshet.Node.Configuration;

/// <summary>
/// A member of an ensemble: <c>server.N=host:peerPort:electionPort[:role][|...][;[clientHost:]clientPort[;[secureHost:]securePort]]</c>.
/// </summary>
internal static class ServerLine
{
    private const string Prefix = "server.";

    public static bool Is(ConfigurationEntry entry) => entry.Key.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>The client port at the end of the line; null when it names none.</summary>
    /// <exception cref="InvalidDataException">The line is malformed.</exception>
    public static int? ClientPort(ConfigurationEntry entry)
    {
        if (!byte.TryParse(entry.Key.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out _))
        {
            throw entry.Wrong("After 'server.' comes the number of the server, from 0 to 255.");
        }

        string[] parts = entry.Value.Split(';');
        if (parts[0].Split(':').Length < 3)
        {
            throw entry.Wrong("Write it as host:peerPort:electionPort, with ;clientPort behind it when wanted.");
        }

        if (parts.Length < 2 || parts[1].Trim() is not { Length: > 0 } client)
        {
            return null;
        }

        return (entry with { Value = client[(client.LastIndexOf(':') + 1)..] }).Port();
    }
}
