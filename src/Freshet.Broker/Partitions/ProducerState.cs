using System.Runtime.CompilerServices;
using Freshet.Protocol.Kafka;
using Freshet.Storage.Log;

namespace Freshet.Broker.Partitions;

/// <summary>
/// What a partition remembers of one idempotent producer: its epoch and its last five batches, because that many requests may
/// be under way at once (Kafka protocol, idempotence).
/// </summary>
internal sealed class ProducerState(short epoch)
{
    public const int BatchesKept = 5;

    private Batches _batches;
    private int _count;

    public short Epoch { get; private set; } = epoch;

    /// <summary>When the newest batch came, milliseconds since 1970; an idle producer is forgotten some time later.</summary>
    public long LastSeen { get; private set; }

    public ReadOnlySpan<SequencedBatch> Kept => ((ReadOnlySpan<SequencedBatch>)_batches)[.._count];

    /// <summary>Judges the next batch of this producer.</summary>
    public SequenceVerdict Judge(BatchHeader batch)
    {
        int first = batch.BaseSequence;
        int last = SequencedBatch.LastSequenceOf(batch);
        if (batch.ProducerEpoch < Epoch)
        {
            return SequenceVerdict.Refuse(ErrorCode.InvalidProducerEpoch);
        }

        if (batch.ProducerEpoch > Epoch || _count == 0)
        {
            return first == 0 || _count == 0 ? SequenceVerdict.Accept : SequenceVerdict.Refuse(ErrorCode.OutOfOrderSequenceNumber);
        }

        foreach (SequencedBatch known in Kept)
        {
            if (known.FirstSequence == first && known.LastSequence == last)
            {
                return SequenceVerdict.Duplicate(known.BaseOffset);
            }
        }

        return first == SequencedBatch.After(Kept[^1].LastSequence) ? SequenceVerdict.Accept : SequenceVerdict.Refuse(ErrorCode.OutOfOrderSequenceNumber);
    }

    /// <summary>Remembers a batch that was appended.</summary>
    public void Add(BatchHeader batch, long now) =>
        Add(batch.ProducerEpoch, now, new SequencedBatch(batch.BaseSequence, SequencedBatch.LastSequenceOf(batch), batch.BaseOffset));

    public void Add(short batchEpoch, long now, SequencedBatch batch)
    {
        if (batchEpoch != Epoch)
        {
            Epoch = batchEpoch;
            _count = 0;
        }

        Span<SequencedBatch> batches = _batches;
        if (_count == BatchesKept)
        {
            batches[1..].CopyTo(batches);
            _count--;
        }

        batches[_count++] = batch;
        LastSeen = Math.Max(LastSeen, now);
    }

    [InlineArray(BatchesKept)]
    private struct Batches
    {
        private SequencedBatch _first;
    }
}
