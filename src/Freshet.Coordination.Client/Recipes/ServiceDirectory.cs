using System.Runtime.CompilerServices;
using System.Text.Json;
using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Client.Recipes;

/// <summary>
/// Where services run: instances register under a name, callers resolve the name or follow it. Each service is a
/// <see cref="CoordinationGroup"/>, so an instance that dies is gone from it within a session timeout. Thread-safe.
/// </summary>
/// <param name="client">The session; what it registers goes with it.</param>
/// <param name="path">The directory's znode; created when missing and never deleted, like the services below it.</param>
public sealed class ServiceDirectory(CoordinationClient client, string path)
{
    /// <summary>Registers an instance until it is disposed or the session ends. A cancelled call registers nothing.</summary>
    /// <param name="service">The service's name: valid in a path, without a slash.</param>
    /// <exception cref="CoordinationException">The session is over, or the service refused.</exception>
    public ValueTask<Membership> RegisterAsync(string service, ServiceInstance instance, CancellationToken cancellation = default) =>
        Group(service).JoinAsync(JsonSerializer.SerializeToUtf8Bytes(instance, JsonSerializerOptions.Web), cancellation);

    /// <summary>The service's instances now, in the order in which they came; none when nobody registered it.</summary>
    /// <exception cref="CoordinationException">The session is over, or the service refused.</exception>
    public async ValueTask<IReadOnlyList<ServiceInstance>> ResolveAsync(string service, CancellationToken cancellation = default) =>
        Instances(await Group(service).GetMembersAsync(cancellation).ConfigureAwait(false));

    /// <summary>The service's instances now and after each change; changes faster than the reader are merged. Goes on across lost connections.</summary>
    /// <exception cref="CoordinationException">The session is over, or the service refused.</exception>
    public async IAsyncEnumerable<IReadOnlyList<ServiceInstance>> WatchAsync(
        string service, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await foreach (GroupChange change in Group(service).WatchAsync(cancellation).ConfigureAwait(false))
        {
            yield return Instances(change.Members);
        }
    }

    /// <summary>The names of all services that were ever registered, sorted; some may have no instances now.</summary>
    /// <exception cref="CoordinationException">The session is over, or the service refused.</exception>
    public async ValueTask<IReadOnlyList<string>> GetServicesAsync(CancellationToken cancellation = default)
    {
        try
        {
            ZnodeChildren services = await UntilAnswered.RepeatAsync(client, () => client.GetChildrenAsync(path, null, cancellation), cancellation).ConfigureAwait(false);
            return [.. services.Names.Order(StringComparer.Ordinal)];
        }
        catch (CoordinationException missing) when (missing.Error == ErrorCode.NoNode)
        {
            return [];
        }
    }

    private static IReadOnlyList<ServiceInstance> Instances(IReadOnlyList<GroupMember> members) => [.. members.Select(Read).OfType<ServiceInstance>()];

    /// <returns>Null for what is no instance: somebody else's znode must not stop everyone from resolving.</returns>
    private static ServiceInstance? Read(GroupMember member)
    {
        try
        {
            return JsonSerializer.Deserialize<ServiceInstance>(member.Data.Span, JsonSerializerOptions.Web) is { Address: not null } instance ? instance : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private CoordinationGroup Group(string service)
    {
        ArgumentException.ThrowIfNullOrEmpty(service);
        return service.Contains('/', StringComparison.Ordinal)
            ? throw new ArgumentException($"The service name '{service}' has a slash.", nameof(service))
            : new CoordinationGroup(client, $"{path}/{service}");
    }
}

/// <summary>One running instance of a service.</summary>
/// <param name="Address">Where it is reached, such as <c>http://10.0.0.5:8080</c>.</param>
/// <param name="Tags">Anything else callers choose by, such as a version or a zone.</param>
public sealed record ServiceInstance(string Address, IReadOnlyDictionary<string, string>? Tags = null);
