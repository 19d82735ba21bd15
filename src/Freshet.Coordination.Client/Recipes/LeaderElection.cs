using System.Runtime.CompilerServices;
using System.Text;
using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Client.Recipes;

/// <summary>Lets one of several candidates lead, and everyone know who does. Candidates lead in the order in which they came. Thread-safe.</summary>
/// <param name="client">The candidate's session; leadership ends with it.</param>
/// <param name="path">The election's znode; created when missing and never deleted.</param>
public sealed class LeaderElection(CoordinationClient client, string path)
{
    /// <summary>Waits to be elected. The leader leads until it disposes the result or its session ends.</summary>
    /// <param name="name">What others see as the leader, such as an address.</param>
    /// <exception cref="CoordinationException">The session is over, or the service refused.</exception>
    public async ValueTask<Ownership> CampaignAsync(string name, CancellationToken cancellation = default) =>
        new(client, await QueuePlace.ReachFrontAsync(client, path, Encoding.UTF8.GetBytes(name), cancellation).ConfigureAwait(false));

    /// <summary>The leader's name now and after each change; null while nobody leads. Leaders that follow each other fast may be skipped.</summary>
    /// <exception cref="CoordinationException">The session is over, or the service refused.</exception>
    public async IAsyncEnumerable<string?> WatchLeaderAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        bool any = false;
        string? last = null;
        await foreach (ZnodeChildren? candidates in client.WatchChildrenAsync(path, cancellation).ConfigureAwait(false))
        {
            string? first = QueueName.InOrder(candidates?.Names ?? []).FirstOrDefault().Text;
            (bool known, string? leader) = await NameAsync(first, cancellation).ConfigureAwait(false);
            if (known && (!any || leader != last))
            {
                (any, last) = (true, leader);
                yield return leader;
            }
        }
    }

    /// <returns>Known is false when the candidate has just gone; the change of children that follows tells who is next.</returns>
    private async ValueTask<(bool Known, string? Leader)> NameAsync(string? candidate, CancellationToken cancellation)
    {
        if (candidate is null)
        {
            return (true, null);
        }

        try
        {
            ZnodeData data = await UntilAnswered.RepeatAsync(client, () => client.GetDataAsync($"{path}/{candidate}", null, cancellation), cancellation).ConfigureAwait(false);
            return (true, Encoding.UTF8.GetString(data.Data ?? []));
        }
        catch (CoordinationException gone) when (gone.Error == ErrorCode.NoNode)
        {
            return (false, null);
        }
    }
}
