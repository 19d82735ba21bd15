namespace Freshet.Broker.Cluster.Configs;

/// <summary>Where the settings of users, client ids, addresses, groups and subscriptions to clients' metrics are kept: Kafka's places and Kafka's way to write names.</summary>
internal static class EntityPaths
{
    public const string Users = "/config/users";
    public const string Clients = "/config/clients";
    public const string Addresses = "/config/ips";
    public const string Groups = "/config/groups";
    public const string ClientMetrics = "/config/client-metrics";
    public const string ClientsOfUser = "clients";
    private const string Default = "<default>";

    public static readonly string[] Roots = [Users, Clients, Addresses, Groups, ClientMetrics];

    /// <summary>Which of the roots a path is under.</summary>
    public static int RootOf(string path) => Array.FindIndex(Roots, root => path.StartsWith($"{root}/", StringComparison.Ordinal));

    /// <param name="name">Null for the default.</param>
    public static string User(string? name) => $"{Users}/{Encode(name)}";

    /// <inheritdoc cref="User"/>
    public static string Client(string? name) => $"{Clients}/{Encode(name)}";

    /// <inheritdoc cref="User"/>
    public static string Address(string? name) => $"{Addresses}/{Encode(name)}";

    public static string Group(string id) => $"{Groups}/{Encode(id)}";

    public static string ClientMetric(string subscription) => $"{ClientMetrics}/{Encode(subscription)}";

    /// <inheritdoc cref="User"/>
    public static string ClientOfUser(string? user, string? client) => $"{User(user)}/{ClientsOfUser}/{Encode(client)}";

    /// <summary>The name of a path's last part; null for the default.</summary>
    public static string? Decode(string encoded) => encoded == Default ? null : Uri.UnescapeDataString(encoded);

    private static string Encode(string? name) => name switch
    {
        null => Default,
        "." or ".." => name.Replace(".", "%2E", StringComparison.Ordinal), // Not allowed as names of znodes.
        _ => Uri.EscapeDataString(name).Replace("~", "%7E", StringComparison.Ordinal),
    };
}
