using System.Buffers.Binary;

namespace Freshet.Storage.Journal;

/// <summary>Records that wait for the writer, already laid out as one batch.</summary>
internal sealed class JournalBuffer
{
    // A burst may grow the buffer; it is kept up to this size so that a rare giant does not stay for ever.
    private const int KeepBytes = 4 << 20;
    private byte[] _bytes = new byte[64 << 10];
    private int _length = JournalBatch.HeaderBytes;
    private int _count;
    private long _firstSequence;

    public bool IsEmpty => _count == 0;

    public int Length => IsEmpty ? 0 : _length;

    public long LastSequence => _firstSequence + _count - 1;

    public void Add(long sequence, ReadOnlySpan<byte> record)
    {
        if (IsEmpty)
        {
            _firstSequence = sequence;
        }

        int end = checked(_length + JournalBatch.RecordHeaderBytes + record.Length);
        if (end > _bytes.Length)
        {
            Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, Math.Max(end, _bytes.Length * 2L)));
        }

        BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(_length), record.Length);
        record.CopyTo(_bytes.AsSpan(_length + JournalBatch.RecordHeaderBytes));
        _length = end;
        _count++;
    }

    /// <summary>The batch, complete with its header.</summary>
    public ReadOnlySpan<byte> Seal(out long firstSequence)
    {
        firstSequence = _firstSequence;
        Span<byte> batch = _bytes.AsSpan(0, _length);
        JournalBatch.Seal(batch, _firstSequence, _count);
        return batch;
    }

    public void Clear()
    {
        if (_bytes.Length > KeepBytes)
        {
            _bytes = new byte[KeepBytes];
        }

        (_length, _count) = (JournalBatch.HeaderBytes, 0);
    }
}
