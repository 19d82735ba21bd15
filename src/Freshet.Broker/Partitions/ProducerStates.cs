using Freshet.Storage.Log;

namespace Freshet.Broker.Partitions;

/// <summary>The idempotent producers of one partition. Its partition's lock guards it.</summary>
internal sealed class ProducerStates
{
    private readonly Dictionary<long, ProducerState> _states = [];

    public IReadOnlyDictionary<long, ProducerState> All => _states;

    /// <summary>Judges a batch; a producer that is not known may begin anywhere.</summary>
    public SequenceVerdict Judge(BatchHeader batch) =>
        batch.ProducerId >= 0 && _states.TryGetValue(batch.ProducerId, out ProducerState? state) ? state.Judge(batch) : SequenceVerdict.Accept;

    /// <summary>Remembers a batch that was appended.</summary>
    /// <param name="now">Milliseconds since 1970, by the broker's clock: producers may send any time.</param>
    public void Add(BatchHeader batch, long now)
    {
        if (batch.ProducerId >= 0 && !batch.Attributes.IsControl)
        {
            StateOf(batch.ProducerId, batch.ProducerEpoch).Add(batch, now);
        }
    }

    public ProducerState StateOf(long producerId, short epoch)
    {
        if (!_states.TryGetValue(producerId, out ProducerState? state))
        {
            _states.Add(producerId, state = new ProducerState(epoch));
        }

        return state;
    }

    /// <summary>Forgets producers that have sent nothing since then (milliseconds since 1970).</summary>
    public void Expire(long idleSince)
    {
        foreach ((long producerId, ProducerState state) in _states)
        {
            if (state.LastSeen < idleSince)
            {
                _states.Remove(producerId);
            }
        }
    }
}
