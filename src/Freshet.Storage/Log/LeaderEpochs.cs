using System.Globalization;
using Freshet.Storage.Log.Segments;

namespace Freshet.Storage.Log;

/// <summary>
/// Which leader epoch began at which offset, in Kafka's file <c>leader-epoch-checkpoint</c>: text, one line each: version,
/// number of entries, entries of epoch and first offset. Safe for use from many threads.
/// </summary>
internal sealed class LeaderEpochs(string folder)
{
    private const string Name = "leader-epoch-checkpoint";
    private const string Version = "0";
    private const int Unknown = -1;

    private readonly Lock _lock = new();
    private readonly string _path = Path.Combine(folder, Name);
    private List<Entry> _entries = [];

    /// <summary>The newest epoch, or -1.</summary>
    public int Latest { get; private set; } = Unknown;

    /// <summary>Reads the file; false when it is missing or damaged, and the epochs must be read from the batches.</summary>
    /// <param name="firstFrom">Epoch and first offset of the first batch from an offset on: the file has no checksum and is held against them.</param>
    public bool TryLoad(long logStart, long logEnd, Func<long, (int Epoch, long Start)?> firstFrom)
    {
        string[] lines = File.Exists(_path) ? File.ReadAllLines(_path) : [];
        if (lines is not [Version, string count, ..] || count != (lines.Length - 2).ToString(CultureInfo.InvariantCulture))
        {
            return false;
        }

        var entries = new List<Entry>();
        foreach (string line in lines.AsSpan(2))
        {
            if (line.Split(' ') is not [string epoch, string start]
                || !int.TryParse(epoch, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
                || !long.TryParse(start, NumberStyles.None, CultureInfo.InvariantCulture, out long offset))
            {
                return false;
            }

            entries.Add(new Entry(number, offset));
        }

        if (!Fit(entries, logStart, logEnd, firstFrom))
        {
            return false;
        }

        Replace(entries);
        return true;
    }

    /// <summary>Notes the epoch of a batch that is appended next; only a new one costs a write.</summary>
    public void Append(int epoch, long offset)
    {
        if (epoch > Latest)
        {
            lock (_lock)
            {
                Change([.. _entries.Where(entry => entry.Start < offset), new Entry(epoch, offset)]);
            }
        }
    }

    /// <summary>Forgets what begins at the log's end or beyond it, and moves the oldest epoch up to the log's start.</summary>
    public void Clip(long logStart, long logEnd)
    {
        lock (_lock)
        {
            List<Entry> left = [.. _entries.Where(entry => entry.Start < logEnd)];
            int first = Math.Max(left.FindLastIndex(entry => entry.Start <= logStart), 0);
            left.RemoveRange(0, first);
            if (left.Count > 0 && left[0].Start < logStart)
            {
                left[0] = left[0] with { Start = logStart };
            }

            if (!left.SequenceEqual(_entries))
            {
                Change(left);
            }
        }
    }

    /// <summary>The largest epoch that is not newer than the asked one, and where it ends; null when there is no telling.</summary>
    public LeaderEpochEnd? EndOf(int epoch, long logEnd)
    {
        lock (_lock)
        {
            if (epoch == Latest && epoch != Unknown)
            {
                return new LeaderEpochEnd(epoch, logEnd);
            }

            int newer = _entries.FindIndex(entry => entry.Epoch > epoch);
            return epoch < 0 || newer < 0 ? null : new LeaderEpochEnd(newer == 0 ? epoch : _entries[newer - 1].Epoch, _entries[newer].Start);
        }
    }

    /// <summary>The epoch in which an offset was written, or -1.</summary>
    public int At(long offset)
    {
        lock (_lock)
        {
            int number = _entries.FindLastIndex(entry => entry.Start <= offset);
            return number < 0 ? Unknown : _entries[number].Epoch;
        }
    }

    /// <summary>Whether the entries grow, begin where the log does, and the batches agree.</summary>
    private static bool Fit(List<Entry> entries, long logStart, long logEnd, Func<long, (int Epoch, long Start)?> firstFrom)
    {
        if (logStart < logEnd && (entries.Count == 0 || entries[0].Start > logStart))
        {
            return false;
        }

        for (int number = 0; number < entries.Count; number++)
        {
            Entry entry = entries[number];
            if (number > 0 && (entry.Epoch <= entries[number - 1].Epoch || entry.Start <= entries[number - 1].Start))
            {
                return false;
            }

            bool isBeforeLog = number + 1 < entries.Count && entries[number + 1].Start <= logStart;
            if (!isBeforeLog && entry.Start < logEnd && firstFrom(Math.Max(entry.Start, logStart)) is { } first
                && (first.Epoch != entry.Epoch || (entry.Start > logStart && first.Start < entry.Start)))
            {
                return false;
            }
        }

        return true;
    }

    private void Replace(List<Entry> entries)
    {
        _entries = entries;
        Latest = entries.Count == 0 ? Unknown : entries[^1].Epoch;
    }

    private void Change(List<Entry> entries)
    {
        string next = _path + SegmentFiles.UnfinishedSuffix;
        File.WriteAllLines(
            next, [Version, entries.Count.ToString(CultureInfo.InvariantCulture), .. entries.Select(entry => FormattableString.Invariant($"{entry.Epoch} {entry.Start}"))]);
        File.Move(next, _path, overwrite: true);
        Replace(entries);
    }

    private sealed record Entry(int Epoch, long Start);
}
