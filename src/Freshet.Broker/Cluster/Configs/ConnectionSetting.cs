using System.Globalization;
using System.Net;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Cluster.Configs;

/// <summary>The broker's settings that limit connections, under Kafka's names. All can be changed while it runs.</summary>
internal static class ConnectionSetting
{
    public const string Max = "max.connections";
    public const string MaxPerAddress = "max.connections.per.ip";
    public const string MaxByAddress = "max.connections.per.ip.overrides";
    public const string CreationRate = "max.connection.creation.rate";
    private const string ListenerPrefix = "listener.name.";

    /// <summary>The name of a setting for one listener only.</summary>
    public static string Of(string listener, string name) => $"{ListenerPrefix}{listener.ToLowerInvariant()}.{name}";

    /// <summary>Whether a name is that of a setting here, for the broker or for one listener.</summary>
    public static bool IsKnown(string name) =>
        name is Max or MaxPerAddress or MaxByAddress or CreationRate || (ListenerOf(name) is not null && WithoutListener(name) is Max or CreationRate);

    public static ConfigType TypeOf(string name) => name == MaxByAddress ? ConfigType.String : ConfigType.Int;

    /// <summary>What is wrong with a setting of that name; null when it is fine.</summary>
    public static string? Problem(string name, string value, IReadOnlyList<BrokerListener> listeners) =>
        ListenerOf(name) is { } listener && !listeners.Any(known => string.Equals(listener, known.Name, StringComparison.OrdinalIgnoreCase))
            ? $"There is no listener '{listener}' for '{name}'; the broker has {string.Join(", ", listeners.Select(known => known.Name.ToLowerInvariant()))}."
            : ProblemOfValue(name, value);

    /// <summary>Whether settings that are all set together would shut out everybody.</summary>
    public static bool ShutsOutAll(IReadOnlyDictionary<string, string> settings) =>
        settings.TryGetValue(MaxPerAddress, out string? most) && most == "0" && settings.GetValueOrDefault(MaxByAddress, "").Length == 0;

    /// <summary>What is wrong with a value whatever listeners there are; null when it is fine.</summary>
    public static string? ProblemOfValue(string name, string value)
    {
        if (name == MaxByAddress)
        {
            return ParseByAddress(value) is null ? $"{name} is a list of addresses, each with a colon and a number from 0, such as 127.0.0.1:5,[::1]:5, not '{value}'." : null;
        }

        // None at all would shut out the client that could change it again, unless its address has a limit of its own.
        int least = name == MaxPerAddress ? 0 : 1;
        return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least
            ? null
            : $"{name} is a number from {least} to {int.MaxValue}, not '{value}'.";
    }

    /// <summary>Addresses with the most connections of each; null when that is not what the text says.</summary>
    public static Dictionary<IPAddress, int>? ParseByAddress(string text)
    {
        var limits = new Dictionary<IPAddress, int>();
        foreach (string pair in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            int colon = pair.LastIndexOf(':');
            if (colon <= 0
                || !IPAddress.TryParse(pair[..colon].Trim('[', ']'), out IPAddress? address)
                || !int.TryParse(pair[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int most))
            {
                return null;
            }

            limits[address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address] = most;
        }

        return limits;
    }

    /// <summary>Limits of addresses as the setting writes them.</summary>
    public static string Text(IEnumerable<KeyValuePair<IPAddress, int>> limits) => string.Join(',', limits.Select(limit =>
        string.Create(CultureInfo.InvariantCulture, $"{(limit.Key.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{limit.Key}]" : limit.Key)}:{limit.Value}")));

    /// <summary>The listener of a setting for one listener; null for those of the whole broker.</summary>
    private static string? ListenerOf(string name) =>
        name.StartsWith(ListenerPrefix, StringComparison.Ordinal) && name.IndexOf('.', ListenerPrefix.Length) is > 0 and var dot ? name[ListenerPrefix.Length..dot] : null;

    private static string WithoutListener(string name) => name[(name.IndexOf('.', ListenerPrefix.Length) + 1)..];
}
