using Freshet.Broker.Cluster.Configs;

namespace Freshet.Broker.Authentication;

/// <summary>SCRAM credentials of users, as they are kept in the coordination service.</summary>
internal sealed class ScramCredentials(EntityConfigs configs)
{
    /// <summary>Users with a credential.</summary>
    public IEnumerable<string> Users => configs.All
        .Where(entity => IsUser(entity.Key) && (entity.Value.ContainsKey(SaslOptions.ScramSha256) || entity.Value.ContainsKey(SaslOptions.ScramSha512)))
        .Select(entity => EntityPaths.Decode(entity.Key[(EntityPaths.Users.Length + 1)..])).OfType<string>();

    public ScramCredential? Find(ScramHash hash, string user) =>
        configs.Of(EntityPaths.User(user)).TryGetValue(hash.MechanismName, out string? text) ? ScramCredential.Parse(text) : null;

    /// <summary>Sets and removes credentials of one user in one step; null removes.</summary>
    public ValueTask ChangeAsync(string user, IReadOnlyCollection<KeyValuePair<ScramHash, ScramCredential?>> changes, CancellationToken cancellation) =>
        configs.ChangeAsync(
            EntityPaths.User(user),
            config =>
            {
                foreach ((ScramHash hash, ScramCredential? credential) in changes)
                {
                    if (credential is null)
                    {
                        config.Remove(hash.MechanismName);
                    }
                    else
                    {
                        config[hash.MechanismName] = credential.ToText();
                    }
                }
            },
            cancellation);

    private static bool IsUser(string path) =>
        path.StartsWith($"{EntityPaths.Users}/", StringComparison.Ordinal) && path.IndexOf('/', EntityPaths.Users.Length + 1) < 0;
}
