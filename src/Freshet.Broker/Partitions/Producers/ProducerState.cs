using System.Runtime.CompilerServices;
using Freshet.Protocol.Kafka;
using Freshet.Storage.Log.Segments;

namespace Freshet.Broker.Partitions.Producers;

/// <summary>
/// What a partition remembers of one producer: its epoch, its last five batches, because that many requests may be under way at
/// once, and where its open transaction began (Kafka protocol, idempotence).
/// </summary>
internal sealed class ProducerState(short epoch)
{
    public const int BatchesKept = 5;

    /// <summary>Value of <see cref="CoordinatorEpoch"/> before the first marker.</summary>
    public const int NoCoordinator = -1;

    private Batches _batches;
    private int _count;

    public short Epoch { get; private set; } = epoch;

    /// <summary>When the newest batch came, milliseconds since 1970; an idle producer is forgotten some time later.</summary>
    public long LastSeen { get; private set; }

    /// <summary>Offset of the first record of its open transaction; null when none is open.</summary>
    public long? OpenSince { get; private set; }

    /// <summary>Epoch of the coordinator that wrote its last marker.</summary>
    public int CoordinatorEpoch { get; private set; } = NoCoordinator;

    public ReadOnlySpan<SequencedBatch> Kept => ((ReadOnlySpan<SequencedBatch>)_batches)[.._count];

    /// <summary>Judges the next batch of this producer.</summary>
    public SequenceVerdict Judge(BatchHeader batch)
    {
        if (batch.ProducerEpoch < Epoch)
        {
            return SequenceVerdict.Refuse(ErrorCode.InvalidProducerEpoch);
        }

        if (OpenSince is not null && !batch.Attributes.IsTransactional)
        {
            return SequenceVerdict.Refuse(ErrorCode.InvalidTxnState);
        }

        return SequencedBatch.HasSequence(batch) ? JudgeSequence(batch) : SequenceVerdict.Accept;
    }

    /// <summary>Judges the end of a transaction.</summary>
    public ErrorCode JudgeMarker(short producerEpoch, int coordinatorEpoch) =>
        producerEpoch < Epoch ? ErrorCode.InvalidProducerEpoch
        : coordinatorEpoch < CoordinatorEpoch ? ErrorCode.TransactionCoordinatorFenced
        : ErrorCode.None;

    /// <summary>Remembers a batch that was appended.</summary>
    public void Add(BatchHeader batch, long now, bool opens)
    {
        Enter(batch.ProducerEpoch, now);
        if (SequencedBatch.HasSequence(batch))
        {
            Keep(new SequencedBatch(batch.BaseSequence, SequencedBatch.LastSequenceOf(batch), batch.BaseOffset));
        }

        if (opens && batch.Attributes.IsTransactional)
        {
            OpenSince ??= batch.BaseOffset;
        }
    }

    /// <summary>Remembers that the transaction ended; a higher epoch shuts out what the producer sent before.</summary>
    public void End(short producerEpoch, int coordinatorEpoch, long now)
    {
        Enter(producerEpoch, now);
        CoordinatorEpoch = coordinatorEpoch;
        OpenSince = null;
    }

    /// <summary>Takes over what a snapshot says.</summary>
    public void Restore(long lastSeen, long? openSince, int coordinatorEpoch, IEnumerable<SequencedBatch> batches)
    {
        LastSeen = lastSeen;
        OpenSince = openSince;
        CoordinatorEpoch = coordinatorEpoch;
        foreach (SequencedBatch batch in batches)
        {
            Keep(batch);
        }
    }

    private SequenceVerdict JudgeSequence(BatchHeader batch)
    {
        int first = batch.BaseSequence;
        int last = SequencedBatch.LastSequenceOf(batch);
        if (batch.ProducerEpoch > Epoch || _count == 0)
        {
            return first == 0 ? SequenceVerdict.Accept : SequenceVerdict.Refuse(ErrorCode.OutOfOrderSequenceNumber);
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

    private void Enter(short newEpoch, long now)
    {
        if (newEpoch != Epoch)
        {
            Epoch = newEpoch;
            _count = 0;
        }

        LastSeen = Math.Max(LastSeen, now);
    }

    private void Keep(SequencedBatch batch)
    {
        Span<SequencedBatch> batches = _batches;
        if (_count == BatchesKept)
        {
            batches[1..].CopyTo(batches);
            _count--;
        }

        batches[_count++] = batch;
    }

    [InlineArray(BatchesKept)]
    private struct Batches
    {
        private SequencedBatch _first;
    }
}
