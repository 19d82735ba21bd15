using System.Runtime.InteropServices;

namespace Freshet.Storage.Log.Indexes;

/// <summary>
/// The aborted transactions of one partition, in the order of their markers. They are kept in memory and written to Kafka's
/// <c>.txnindex</c> files when the producers' snapshot is: what is newer is found again in the log. Safe for use by many threads.
/// </summary>
public sealed class TransactionIndex
{
    private readonly Lock _lock = new();
    private readonly string _folder;
    private readonly List<AbortedTransaction> _entries = [];
    private readonly List<(long Segment, AbortedTransaction Entry)> _unwritten = [];

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

    /// <summary>Loads what was written; entries from <paramref name="end"/> on are dropped, because the log is read again from there.</summary>
    /// <exception cref="IOException">The files cannot be read.</exception>
    public static TransactionIndex Open(string folder, long end)
    {
        var index = new TransactionIndex(folder);
        foreach (string file in TransactionIndexFile.In(folder))
        {
            index._entries.AddRange(TransactionIndexFile.ReadUpTo(file, end));
        }

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
        }

        TransactionIndexFile.DeleteBefore(_folder, logStartOffset);
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
                TransactionIndexFile.Append(_folder, segment, entries, force);
                _unwritten.RemoveRange(0, entries.Length);
            }
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
