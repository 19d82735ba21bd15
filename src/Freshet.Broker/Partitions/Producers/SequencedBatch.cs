using Freshet.Storage.Log.Segments;

namespace Freshet.Broker.Partitions.Producers;

/// <summary>The sequence numbers of one batch, and where it went. Numbers go from 0 to 2^31 - 1 and start over.</summary>
internal readonly record struct SequencedBatch(int FirstSequence, int LastSequence, long BaseOffset)
{
    /// <summary>Whether the batch is numbered; those of the broker's own topics are not.</summary>
    public static bool HasSequence(BatchHeader batch) => batch.BaseSequence >= 0;

    public static int After(int sequence) => sequence == int.MaxValue ? 0 : sequence + 1;

    public static int LastSequenceOf(BatchHeader batch) =>
        (int)((batch.BaseSequence + (batch.LastOffset - batch.BaseOffset)) & int.MaxValue);
}
