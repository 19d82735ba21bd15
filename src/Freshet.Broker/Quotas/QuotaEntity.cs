using Freshet.Broker.Cluster.Configs;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Quotas;

/// <summary>Whom a quota is for: a user, a client id, both together, or an address; each by name or as the default.</summary>
internal static class QuotaEntity
{
    public const string User = "user";
    public const string ClientId = "client-id";
    public const string Address = "ip";
    public static readonly string[] Types = [User, ClientId, Address];

    /// <summary>Where the entity's quotas are kept; null when there is no such kind of entity.</summary>
    public static string? PathOf(IReadOnlyList<QuotaEntityPart> entity)
    {
        Dictionary<string, string?> parts = entity.DistinctBy(part => part.EntityType).ToDictionary(part => part.EntityType, part => part.Name);
        return parts.Count != entity.Count ? null : (parts.Keys.Order(StringComparer.Ordinal).ToArray()) switch
        {
            [User] => EntityPaths.User(parts[User]),
            [ClientId] => EntityPaths.Client(parts[ClientId]),
            [ClientId, User] => EntityPaths.ClientOfUser(parts[User], parts[ClientId]),
            [Address] => EntityPaths.Address(parts[Address]),
            _ => null,
        };
    }

    /// <summary>The entity behind a path.</summary>
    public static QuotaEntityPart[] Parse(string path)
    {
        string root = EntityPaths.Roots[EntityPaths.RootOf(path)];
        string[] parts = path[(root.Length + 1)..].Split('/');
        string? first = EntityPaths.Decode(parts[0]);
        return root switch
        {
            EntityPaths.Users when parts is [_, EntityPaths.ClientsOfUser, var client] => [new(User, first), new(ClientId, EntityPaths.Decode(client))],
            EntityPaths.Users => [new(User, first)],
            EntityPaths.Clients => [new(ClientId, first)],
            _ => [new(Address, first)],
        };
    }
}
