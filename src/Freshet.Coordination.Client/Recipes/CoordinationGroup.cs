using System.Runtime.CompilerServices;

namespace Freshet.Coordination.Client.Recipes;

/// <summary>
/// A group that sessions join and leave, and that everybody can list and follow. A member leaves by itself, or when its session
/// ends: up to a session timeout after its process died. Thread-safe.
/// </summary>
/// <param name="client">The session; the members it joins as go with it.</param>
/// <param name="path">The group's znode; created when missing and never deleted.</param>
public sealed class CoordinationGroup(CoordinationClient client, string path)
{
    /// <summary>Joins. Each call makes a new member. A cancelled call leaves no member behind.</summary>
    /// <param name="data">What the others see of the member; fixed. Less than the server's frame limit, 1 MiB by default.</param>
    /// <exception cref="CoordinationException">The session is over, or the service refused.</exception>
    public async ValueTask<Membership> JoinAsync(ReadOnlyMemory<byte> data, CancellationToken cancellation = default) =>
        new(client, await QueuePlace.JoinAsync(client, path, data, cancellation).ConfigureAwait(false));

    /// <summary>The members now, in the order in which they came.</summary>
    /// <exception cref="CoordinationException">The session is over, or the service refused.</exception>
    public async ValueTask<IReadOnlyList<GroupMember>> GetMembersAsync(CancellationToken cancellation = default)
    {
        await foreach (GroupChange change in WatchAsync(cancellation).ConfigureAwait(false))
        {
            return change.Members;
        }

        return [];
    }

    /// <summary>
    /// The members now, and whenever someone came or went. Changes faster than the reader are merged: who came and went in
    /// between is not seen. Goes on across lost connections.
    /// </summary>
    /// <exception cref="CoordinationException">The session is over, or the service refused.</exception>
    public async IAsyncEnumerable<GroupChange> WatchAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        IReadOnlyList<GroupMember>? before = null;
        await foreach (ZnodeChildren? children in client.WatchChildrenAsync(path, cancellation).ConfigureAwait(false))
        {
            Dictionary<string, GroupMember> known = (before ?? []).ToDictionary(member => member.Id);
            string[] ids = [.. QueueName.InOrder(children?.Names ?? []).Select(name => name.Text)];
            GroupMember?[] read = await Task.WhenAll(
                ids.Select(id => known.TryGetValue(id, out GroupMember? member) ? Task.FromResult<GroupMember?>(member) : ReadAsync(id, cancellation))).ConfigureAwait(false);
            GroupMember[] now = [.. read.OfType<GroupMember>()];
            var change = new GroupChange(now, [.. now.Where(member => !known.ContainsKey(member.Id))], [.. known.Values.ExceptBy(now.Select(member => member.Id), member => member.Id)]);
            if (before is null || change.Joined.Count > 0 || change.Left.Count > 0)
            {
                before = now;
                yield return change;
            }
        }
    }

    /// <returns>Null when the member has just gone; the change of children that follows says so.</returns>
    private async Task<GroupMember?> ReadAsync(string id, CancellationToken cancellation)
    {
        ZnodeData? data = await ZnodeOrNull.ReadAsync(client, $"{path}/{id}", cancellation).ConfigureAwait(false);
        return data is null ? null : new GroupMember(id, data.Data ?? []);
    }
}

/// <summary>A member of a group.</summary>
/// <param name="Id">Its znode's name; nobody else ever has it.</param>
/// <param name="Data">What it joined with.</param>
public sealed record GroupMember(string Id, ReadOnlyMemory<byte> Data);

/// <summary>A group as it is, and what became of it since the change before.</summary>
/// <param name="Members">Who is there, in the order in which they came.</param>
/// <param name="Joined">Who is new; in the first change, everybody.</param>
/// <param name="Left">Who is gone.</param>
public sealed record GroupChange(IReadOnlyList<GroupMember> Members, IReadOnlyList<GroupMember> Joined, IReadOnlyList<GroupMember> Left);
