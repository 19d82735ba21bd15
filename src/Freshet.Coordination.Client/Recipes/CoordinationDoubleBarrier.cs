namespace Freshet.Coordination.Client.Recipes;

/// <summary>
/// Lets participants begin together and end together, round after round. Whoever enters waits until enough have come; whoever
/// leaves waits until all of its round have left. One whose session ends counts as having left. Thread-safe.
/// </summary>
/// <remarks>All who wait watch the same znodes, and each arrival wakes all of them: meant for up to a hundred or so participants.</remarks>
/// <param name="client">The participant's session.</param>
/// <param name="path">The barrier's znode; created when missing and never deleted. Everyone must use the same number of participants.</param>
/// <param name="participants">How many begin together: 1 to 10,000.</param>
public sealed class CoordinationDoubleBarrier(CoordinationClient client, string path, int participants)
{
    private readonly int _participants = participants is >= 1 and <= 10_000
        ? participants
        : throw new ArgumentOutOfRangeException(nameof(participants), participants, "A round has 1 to 10,000 participants.");

    /// <summary>Waits until enough participants have come. Those that come too many wait for the next round. A cancelled wait counts as never having come.</summary>
    /// <returns>The participation, to leave together with the others of the round.</returns>
    /// <exception cref="CoordinationException">The session is over, or the service refused.</exception>
    public async ValueTask<Participation> EnterAsync(CancellationToken cancellation = default)
    {
        QueuePlace place = await QueuePlace.JoinAsync(client, path, default, cancellation).ConfigureAwait(false);
        var round = new BarrierRound(client, path, _participants);
        await place.LeaveUnlessAsync(
            () => round.UntilAsync(members => members.Contains(place.Znode.Name), mayBegin: true, cancellation)).ConfigureAwait(false);
        return new Participation(place, round);
    }
}

/// <summary>A participant's part in one round of a <see cref="CoordinationDoubleBarrier"/>. Dispose it to leave without waiting for others.</summary>
public sealed class Participation : IAsyncDisposable
{
    private readonly QueuePlace _place;
    private readonly BarrierRound _round;

    internal Participation(QueuePlace place, BarrierRound round) => (_place, _round) = (place, round);

    /// <summary>Leaves, and waits until everyone of the round has left. Cancelling ends the wait only; the participant has left.</summary>
    /// <exception cref="CoordinationException">The session is over, or the service refused.</exception>
    public async ValueTask LeaveAsync(CancellationToken cancellation = default)
    {
        await _place.LeaveAsync().ConfigureAwait(false);
        await _round.UntilAsync(members => !members.Contains(_place.Znode.Name), mayBegin: false, cancellation).ConfigureAwait(false);
    }

    /// <summary>Leaves without waiting. Needless, but harmless, after <see cref="LeaveAsync"/>.</summary>
    public ValueTask DisposeAsync() => _place.LeaveAsync();
}
