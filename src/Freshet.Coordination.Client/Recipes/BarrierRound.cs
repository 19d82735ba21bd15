using System.Text;
using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Client.Recipes;

/// <summary>
/// The round of a double barrier: the names of its members, one a line, as the barrier's data; empty between two rounds.
/// Anybody who waits may begin a round that is due or end one that is over: the data's version lets one of them do it.
/// </summary>
internal sealed class BarrierRound(CoordinationClient client, string path, int participants)
{
    /// <summary>Waits until the round's members are as wanted.</summary>
    /// <param name="mayBegin">Whether to begin a round when enough participants are there.</param>
    /// <returns>True.</returns>
    public async ValueTask<bool> UntilAsync(Func<string[], bool> wanted, bool mayBegin, CancellationToken cancellation)
    {
        while (true)
        {
            using ZnodeWatch data = new(), children = new();
            ZnodeData barrier = await UntilAnswered.RepeatAsync(client, () => client.GetDataAsync(path, data, cancellation), cancellation).ConfigureAwait(false);
            string[] members = Encoding.ASCII.GetString(barrier.Data ?? []).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            if (wanted(members))
            {
                return true;
            }

            ZnodeChildren there = await UntilAnswered.RepeatAsync(client, () => client.GetChildrenAsync(path, children, cancellation), cancellation).ConfigureAwait(false);
            string[]? next = Next(members, [.. QueueName.InOrder(there.Names).Select(place => place.Text)], mayBegin);
            if (next is null)
            {
                await Task.WhenAny(data.Fired, children.Fired).Unwrap().WaitAsync(cancellation).ConfigureAwait(false);
            }
            else
            {
                await TrySetAsync(next, barrier.Stat.Version, cancellation).ConfigureAwait(false);
            }
        }
    }

    /// <returns>The members of the next round, none when this one is over; null when nothing is due.</returns>
    private string[]? Next(string[] members, string[] there, bool mayBegin) =>
        members.Length > 0 ? (members.Intersect(there).Any() ? null : [])
        : mayBegin && there.Length >= participants ? there[..participants]
        : null;

    private async ValueTask TrySetAsync(string[] members, int version, CancellationToken cancellation)
    {
        byte[] data = Encoding.ASCII.GetBytes(string.Join('\n', members));
        try
        {
            await client.SetDataAsync(path, data, version, cancellation).ConfigureAwait(false);
        }
        catch (CoordinationException overtaken) when (overtaken.Error == ErrorCode.BadVersion || overtaken.IsTransient)
        {
            // Somebody else did it, or nobody knows; the next look tells.
        }
    }
}
