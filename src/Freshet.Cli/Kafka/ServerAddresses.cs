using System.Globalization;
using System.Net;

namespace Freshet.Cli.Kafka;

/// <summary>Addresses of brokers as HOST:PORT,HOST:PORT. librdkafka passes over what is wrong in them and waits for an answer.</summary>
internal static class ServerAddresses
{
    private const int DefaultPort = 9092;

    /// <summary>The text, when each of its addresses can be one.</summary>
    /// <exception cref="CommandFailure">One cannot.</exception>
    public static string Check(string text) => text.Split(',').All(CanBeOne)
        ? text
        : throw new CommandFailure($"'{text}' names no brokers: write HOST:PORT, or several with commas between");

    private static bool CanBeOne(string address)
    {
        // An address of IPv6 has colons of its own, in brackets.
        int colon = address.IndexOf(':', Math.Max(address.LastIndexOf(']'), 0));
        string host = colon < 0 ? address : address[..colon];
        string port = colon < 0 ? $"{DefaultPort}" : address[(colon + 1)..];
        return host.Trim().Length > 0 && !host.Trim().Contains(' ', StringComparison.Ordinal)
            && int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is > 0 and <= IPEndPoint.MaxPort;
    }
}
