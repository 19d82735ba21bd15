namespace Freshet.Coordination.Client.Recipes;

/// <summary>Membership of a <see cref="CoordinationGroup"/>, or registration in a <see cref="ServiceDirectory"/>. Dispose it to leave.</summary>
public sealed class Membership : IAsyncDisposable
{
    private readonly Ownership _ownership;

    internal Membership(CoordinationClient client, QueuePlace place) => (_ownership, Id) = (new Ownership(client, place), place.Znode.Name);

    /// <summary>What others know the member by.</summary>
    public string Id { get; }

    /// <summary>The member's znode.</summary>
    public string Path => _ownership.Path;

    /// <summary>
    /// Cancelled when the session is over, or when the connection was gone so long that the others may see the member as gone. A
    /// program that wants to stay a member then opens a new session and joins again.
    /// </summary>
    public CancellationToken Lost => _ownership.Lost;

    /// <summary>Leaves: at once, or when the session ends if the service cannot be reached.</summary>
    public ValueTask DisposeAsync() => _ownership.DisposeAsync();
}
