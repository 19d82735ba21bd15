using System.Collections.Concurrent;
using System.Globalization;
using Freshet.Broker.Cluster.Configs;

namespace Freshet.Broker.Quotas;

/// <summary>Finds the quota that holds for a client: the most special one that is set.</summary>
internal sealed class QuotaTable
{
    /// <summary>Clients choose their ids, so what is remembered of them is bounded.</summary>
    private const int MaxRemembered = 10_000;

    private readonly EntityConfigs _configs;
    private readonly Lock _refreshing = new();
    private volatile ConcurrentDictionary<(string Key, string User, string ClientId), Quota?> _found = new();
    private volatile bool _isEmpty = true;

    public QuotaTable(EntityConfigs configs)
    {
        _configs = configs;
        configs.Changed += Refresh;
        Refresh();
    }

    /// <summary>Whether nothing is limited, as is usual.</summary>
    public bool IsEmpty => _isEmpty;

    /// <summary>The quota of a client, and who shares it; null for no limit.</summary>
    public Quota? Find(string key, string user, string clientId)
    {
        if (_isEmpty)
        {
            return null;
        }

        // Kept for this call: what is resolved while a quota changes must not be remembered beyond the change.
        ConcurrentDictionary<(string Key, string User, string ClientId), Quota?> found = _found;
        if (found.Count > MaxRemembered)
        {
            found.Clear();
        }

        return found.GetOrAdd((key, user, clientId), Resolve);
    }

    /// <summary>The quota of connections from an address.</summary>
    public Quota? FindAddress(string address) => _isEmpty ? null
        : Value(EntityPaths.Address(address), QuotaKey.Connections) is { } own ? new Quota(own, null, address)
        : Value(EntityPaths.Address(null), QuotaKey.Connections) is { } byDefault ? new Quota(byDefault, null, address)
        : null;

    private Quota? Resolve((string Key, string User, string ClientId) asked)
    {
        (string key, string user, string client) = asked;
        (string Path, string? User, string? ClientId)[] candidates =
        [
            (EntityPaths.ClientOfUser(user, client), user, client),
            (EntityPaths.ClientOfUser(user, null), user, client),
            (EntityPaths.User(user), user, null),
            (EntityPaths.ClientOfUser(null, client), user, client),
            (EntityPaths.ClientOfUser(null, null), user, client),
            (EntityPaths.User(null), user, null),
            (EntityPaths.Client(client), null, client),
            (EntityPaths.Client(null), null, client),
        ];
        foreach ((string path, string? sharedUser, string? sharedClient) in candidates)
        {
            if (Value(path, key) is { } limit)
            {
                return new Quota(limit, sharedUser, sharedClient);
            }
        }

        return null;
    }

    private double? Value(string path, string key) => _configs.Of(path).TryGetValue(key, out string? text)
        && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : null;

    private void Refresh()
    {
        lock (_refreshing)
        {
            _found = new();
            _isEmpty = !_configs.All.Any(entity => entity.Value.Keys.Any(QuotaKey.All.Contains));
        }
    }
}

/// <summary>A limit per second, and who shares it: those of this user, of this client id, or of both.</summary>
internal readonly record struct Quota(double Limit, string? User, string? ClientId);
