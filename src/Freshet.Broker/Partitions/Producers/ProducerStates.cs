using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Records;
using Freshet.Storage.Log;
using Freshet.Storage.Log.Segments;

namespace Freshet.Broker.Partitions.Producers;

/// <summary>
/// The idempotent producers of one partition and their open transactions. Its partition's lock guards it; only
/// <see cref="FirstOpen"/> may be read without.
/// </summary>
internal sealed class ProducerStates
{
    private readonly Dictionary<long, ProducerState> _states = [];
    private readonly SortedSet<(long Since, long ProducerId)> _open = [];
    private long _firstOpen = long.MaxValue;

    public IReadOnlyDictionary<long, ProducerState> All => _states;

    /// <summary>First offset of the transaction that has been open for longest; the largest number when none is.</summary>
    public long FirstOpen => Volatile.Read(ref _firstOpen);

    /// <summary>Judges a batch; a producer that is not known may begin anywhere: it may have been forgotten.</summary>
    /// <param name="beginsAtZero">Whether such a producer must begin with number 0 all the same.</param>
    public SequenceVerdict Judge(BatchHeader batch, bool beginsAtZero) =>
        batch.ProducerId >= 0 && _states.TryGetValue(batch.ProducerId, out ProducerState? state) ? state.Judge(batch)
        : beginsAtZero && batch.BaseSequence > 0 ? SequenceVerdict.Refuse(ErrorCode.OutOfOrderSequenceNumber)
        : SequenceVerdict.Accept;

    /// <summary>Judges the end of a transaction.</summary>
    public ErrorCode JudgeMarker(long producerId, short producerEpoch, int coordinatorEpoch) =>
        _states.TryGetValue(producerId, out ProducerState? state) ? state.JudgeMarker(producerEpoch, coordinatorEpoch) : ErrorCode.None;

    /// <summary>
    /// Holds the last stable offset back before a transaction's first batch is appended: nobody may see it as committed, not even
    /// for a moment. <see cref="Add"/> or <see cref="GiveUpOpening"/> follows.
    /// </summary>
    public void Opening(BatchHeader batch)
    {
        if (batch.Attributes.IsTransactional)
        {
            Volatile.Write(ref _firstOpen, Math.Min(_firstOpen, batch.BaseOffset));
        }
    }

    /// <summary>The batch could not be appended.</summary>
    public void GiveUpOpening() => PublishFirstOpen();

    /// <summary>Remembers a batch of records that was appended.</summary>
    /// <param name="now">Milliseconds since 1970, by the broker's clock: producers may send any time.</param>
    /// <param name="opens">Whether a transaction that it belongs to is open with it.</param>
    public void Add(BatchHeader batch, long now, bool opens = true)
    {
        if (batch.ProducerId < 0 || batch.Attributes.IsControl)
        {
            return;
        }

        ProducerState state = StateOf(batch.ProducerId, batch.ProducerEpoch);
        state.Add(batch, now, opens);
        if (state.OpenSince is { } since && batch.Attributes.IsTransactional)
        {
            _open.Add((since, batch.ProducerId));
            PublishFirstOpen();
        }
    }

    /// <summary>
    /// Remembers a marker that was appended, and tells of the transaction that it aborted, if it did. The last stable offset moves
    /// only with <see cref="PublishFirstOpen"/>, after the abort is known to readers.
    /// </summary>
    public AbortedTransaction? End(BatchHeader batch, ControlRecord marker, long now)
    {
        ProducerState state = StateOf(batch.ProducerId, batch.ProducerEpoch);
        long? since = state.OpenSince;
        state.End(batch.ProducerEpoch, marker.CoordinatorEpoch, now);
        if (since is not { } first)
        {
            return null;
        }

        _open.Remove((first, batch.ProducerId));
        long stable = _open.Count > 0 ? _open.Min.Since : batch.LastOffset + 1;
        return marker.IsCommit ? null : new AbortedTransaction(batch.ProducerId, first, batch.LastOffset, stable);
    }

    /// <summary>Lets readers see <see cref="FirstOpen"/> as it is now.</summary>
    public void PublishFirstOpen() => Volatile.Write(ref _firstOpen, _open.Count > 0 ? _open.Min.Since : long.MaxValue);

    /// <summary>Takes over a producer of a snapshot.</summary>
    public void Restore(long producerId, ProducerState state)
    {
        _states[producerId] = state;
        if (state.OpenSince is { } since)
        {
            _open.Add((since, producerId));
            PublishFirstOpen();
        }
    }

    /// <summary>Forgets producers that have sent nothing since then (milliseconds since 1970), unless their transaction is open.</summary>
    public void Expire(long idleSince)
    {
        foreach ((long producerId, ProducerState state) in _states)
        {
            if (state.LastSeen < idleSince && state.OpenSince is null)
            {
                _states.Remove(producerId);
            }
        }
    }

    private ProducerState StateOf(long producerId, short epoch)
    {
        if (!_states.TryGetValue(producerId, out ProducerState? state))
        {
            _states.Add(producerId, state = new ProducerState(epoch));
        }

        return state;
    }
}
