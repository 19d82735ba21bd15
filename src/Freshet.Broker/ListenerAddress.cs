using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace Freshet.Broker;

/// <summary>An address as Kafka writes it: <c>NAME://host:port</c>, the host in brackets when it is an IPv6 address.</summary>
/// <param name="Name">Name of the listener.</param>
/// <param name="Host">Host; may be empty, which means every address or the machine's own name.</param>
/// <param name="Port">Port.</param>
public readonly record struct ListenerAddress(string Name, string Host, int Port)
{
    private const string Separator = "://";

    /// <summary>Reads an address; false when it is not written so.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out ListenerAddress address)
    {
        address = default;
        int name = text?.IndexOf(Separator, StringComparison.Ordinal) ?? -1;
        if (name <= 0)
        {
            return false;
        }

        ReadOnlySpan<char> rest = text.AsSpan(name + Separator.Length);
        int colon = rest.LastIndexOf(':');
        if (colon < 0 || !int.TryParse(rest[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int port) || port > IPEndPoint.MaxPort)
        {
            return false;
        }

        ReadOnlySpan<char> host = rest[..colon];
        bool isBracketed = host is ['[', .., ']'];
        if (!isBracketed && host.IndexOfAny(':', '/') >= 0)
        {
            return false;
        }

        address = new ListenerAddress(text![..name], (isBracketed ? host[1..^1] : host).ToString(), port);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Host.Contains(':', StringComparison.Ordinal) ? $"{Name}{Separator}[{Host}]:{Port}" : $"{Name}{Separator}{Host}:{Port}";
}
