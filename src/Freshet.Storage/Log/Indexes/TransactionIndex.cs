using System.Runtime.InteropServices;

namespace Freshet.Storage.Log.Indexes;

/// <summary>
/// The aborted transactions of one partition, in the order of their markers. They are kept in memory and written to Kafka's
/// <c>.txnindex</c> files before the producers' snapshot, which holds the <see cref="Digests"/> of the files: what is newer is found
/// again in the log. Safe for use by many threads.
/// </summary>
public sealed class TransactionIndex
{
    private readonly Lock _lock = new();
    private readonly string _folder;
    private readonly List<AbortedTransaction> _entries = [];
    private readonly List<(long Segment, AbortedTransaction Entry)> _unwritten = [];
    private readonly SortedDictionary<long, TransactionIndexDigest> _files = [];

    private TransactionIndex(string folder) => _folder = folder;

    /// <summary>Number of aborted transactions.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _entries.Count;
            }
        }
    }

    /// <summary>What the files hold, in the order of their segments.</summary>
    public IReadOnlyList<TransactionIndexDigest> Digests
    {
        get
        {
            lock (_lock)
            {
                return [.. _files.Values];
            }
        }
    }

    /// <summary>An empty index. Files that are there are removed.</summary>
    /// <exception cref="IOException">They cannot be.</exception>
    public static TransactionIndex Create(string folder)
    {
        var index = new TransactionIndex(folder);
        index.CutFiles();
        return index;
    }

    /// <summary>Loads what these digests speak of, or gives null and changes nothing when the files do not hold that. What they hold beyond is removed.</summary>
    /// <param name="folder">The partition's.</param>
    /// <param name="digests">What the files held when the caller noted it.</param>
    /// <param name="droppedBefore">The largest offset that <see cref="DropBefore"/> may have been called with since: files before it may be gone.</param>
    /// <exception cref="IOException">The files cannot be read.</exception>
    public static TransactionIndex? TryOpen(string folder, IReadOnlyList<TransactionIndexDigest> digests, long droppedBefore)
    {
        var index = new TransactionIndex(folder);
        IReadOnlyList<long> files = TransactionIndexFile.In(folder);
        foreach (TransactionIndexDigest digest in digests)
        {
            if (!files.Contains(digest.Segment))
            {
                if (files.Any(later => later > digest.Segment && later <= droppedBefore))
                {
                    continue;
                }

                return null;
            }

            if (TransactionIndexFile.TryRead(folder, digest) is not { } entries)
            {
                return null;
            }

            index._entries.AddRange(entries);
            index._files.Add(digest.Segment, digest);
        }

        index.CutFiles();
        return index;
    }

    /// <summary>Adds a transaction whose marker was just appended.</summary>
    /// <param name="segment">Base offset of the segment that holds the marker.</param>
    /// <param name="aborted">The transaction.</param>
    public void Add(long segment, AbortedTransaction aborted)
    {
        lock (_lock)
        {
            _entries.Add(aborted);
            _unwritten.Add((segment, aborted));
        }
    }

    /// <summary>The transactions that a reader of the offsets from <paramref name="from"/> to before <paramref name="to"/> must know.</summary>
    public IReadOnlyList<AbortedTransaction> Overlapping(long from, long to)
    {
        lock (_lock)
        {
            List<AbortedTransaction>? found = null;
            for (int number = FirstEndingFrom(from); number < _entries.Count; number++)
            {
                AbortedTransaction entry = _entries[number];
                if (entry.FirstOffset < to)
                {
                    (found ??= []).Add(entry);
                }

                if (entry.LastStableOffset >= to)
                {
                    break;
                }
            }

            return found ?? (IReadOnlyList<AbortedTransaction>)[];
        }
    }

    /// <summary>Forgets transactions that ended before the log's start.</summary>
    public void DropBefore(long logStartOffset)
    {
        lock (_lock)
        {
            _entries.RemoveRange(0, FirstEndingFrom(logStartOffset));
            _unwritten.RemoveAll(unwritten => unwritten.Entry.LastOffset < logStartOffset);
            // All entries of a file end before the next file's segment.
            long[] segments = [.. _files.Keys];
            for (int number = 0; number + 1 < segments.Length && segments[number + 1] <= logStartOffset; number++)
            {
                TransactionIndexFile.Cut(_folder, segments[number], 0);
                _files.Remove(segments[number]);
            }
        }
    }

    /// <summary>Writes what is only in memory.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    public void Flush(bool force)
    {
        lock (_lock)
        {
            while (_unwritten.Count > 0)
            {
                long segment = _unwritten[0].Segment;
                AbortedTransaction[] entries = [.. _unwritten.TakeWhile(unwritten => unwritten.Segment == segment).Select(unwritten => unwritten.Entry)];
                TransactionIndexDigest before = _files.GetValueOrDefault(segment, new TransactionIndexDigest(segment, 0, 0));
                _files[segment] = TransactionIndexFile.Append(_folder, before, entries, force);
                _unwritten.RemoveRange(0, entries.Length);
            }
        }
    }

    /// <summary>Removes what the files hold beyond what is known of them.</summary>
    private void CutFiles()
    {
        foreach (long segment in TransactionIndexFile.In(_folder))
        {
            TransactionIndexFile.Cut(_folder, segment, _files.GetValueOrDefault(segment).Length);
        }
    }

    /// <summary>Number of the first entry whose marker is at this offset or later: markers grow with the entries.</summary>
    private int FirstEndingFrom(long offset)
    {
        ReadOnlySpan<AbortedTransaction> entries = CollectionsMarshal.AsSpan(_entries);
        int low = 0;
        int high = entries.Length;
        while (low < high)
        {
            int middle = low + ((high - low) / 2);
            if (entries[middle].LastOffset < offset)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
