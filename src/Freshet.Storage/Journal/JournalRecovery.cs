namespace Freshet.Storage.Journal;

/// <summary>Receives one recovered record.</summary>
/// <param name="sequence">Its sequence in the journal.</param>
/// <param name="record">Its bytes, valid during the call only.</param>
public delegate void JournalRecordHandler(long sequence, ReadOnlySpan<byte> record);

/// <summary>Reads a journal back after a stop of any kind.</summary>
/// <param name="after">Records up to this sequence are in a snapshot already and are skipped.</param>
/// <param name="replay">Receives every later record in order.</param>
internal sealed class JournalRecovery(long after, JournalRecordHandler replay)
{
    private long _next = after + 1;

    /// <summary>The last sequence found, or <c>after</c> when nothing follows it.</summary>
    public long LastSequence => _next - 1;

    /// <summary>Replays the directory. Returns the file to continue and the end of its last whole batch; null when a new file must begin.</summary>
    /// <exception cref="InvalidDataException">A file is damaged before its end, or records are missing.</exception>
    public (string Path, long End)? Run(string directory)
    {
        List<(long FirstSequence, string Path)> segments = JournalSegment.List(directory);
        (string Path, long End)? tail = null;
        for (int i = 0; i < segments.Count; i++)
        {
            bool last = i == segments.Count - 1;
            if (!last && segments[i + 1].FirstSequence <= _next)
            {
                continue; // wholly covered by the snapshot
            }

            long end = ReplaySegment(segments[i].Path, last, out long lastInFile);
            // A file that ends before the snapshot cannot be continued without a gap.
            tail = last && lastInFile == LastSequence ? (segments[i].Path, end) : null;
        }

        return tail;
    }

    private long ReplaySegment(string path, bool last, out long lastInFile)
    {
        byte[] bytes = File.ReadAllBytes(path);
        int at = 0;
        lastInFile = -1;
        while (at < bytes.Length)
        {
            if (!JournalBatch.TryRead(bytes.AsSpan(at), out long first, out int count, out ReadOnlySpan<byte> records))
            {
                RefuseDamage(path, bytes, at, last);
                break;
            }

            ReplayBatch(path, at, first, count, records);
            lastInFile = first + count - 1;
            at += JournalBatch.HeaderBytes + records.Length;
        }

        return at;
    }

    private void ReplayBatch(string path, int at, long first, int count, ReadOnlySpan<byte> records)
    {
        for (long sequence = first; sequence < first + count; sequence++)
        {
            ReadOnlySpan<byte> record = JournalBatch.TakeRecord(ref records);
            if (sequence > _next)
            {
                throw new InvalidDataException(
                    $"The journal has a gap: {path} at offset {at} holds record {sequence}, but record {_next} comes next. "
                    + "A file is missing; restore the data directory from a backup.");
            }

            if (sequence == _next)
            {
                replay(sequence, record);
                _next++;
            }
        }
    }

    /// <summary>
    /// A batch that cannot be read is the unfinished end of the journal only if nothing whole stands behind it. A file that is not the
    /// last may end in zeros, which it was lengthened by; had they been records, the next file would show a gap.
    /// </summary>
    private static void RefuseDamage(string path, byte[] bytes, int at, bool last)
    {
        if (last ? !WholeBatchFollows(bytes, at + 1) : !bytes.AsSpan(at).ContainsAnyExcept((byte)0))
        {
            return;
        }

        throw new InvalidDataException(
            $"The journal is damaged: {path} has no readable batch at offset {at}, and later records exist. "
            + "Acknowledged writes would be lost by going on; restore the data directory from a backup.");
    }

    private static bool WholeBatchFollows(byte[] bytes, int from)
    {
        while (from < bytes.Length)
        {
            int candidate = bytes.AsSpan(from).IndexOf(JournalBatch.Magic);
            if (candidate < 0)
            {
                return false;
            }

            if (JournalBatch.TryRead(bytes.AsSpan(from + candidate), out _, out _, out _))
            {
                return true;
            }

            from += candidate + 1;
        }

        return false;
    }
}
