using System.Runtime.InteropServices;
using Freshet.Streams.Runtime;
using Freshet.Streams.State;

namespace Freshet.Streams.Windows;

/// <summary>The accumulators of one task by window start and key, with their windows in order of time.</summary>
internal sealed class OpenWindows<TKey, TAccumulator>(StateCodec<TAccumulator> codec)
    where TKey : notnull
{
    private const string StateName = "windows";
    private const string WatermarkName = "watermark";

    private readonly SortedDictionary<long, Dictionary<TKey, TAccumulator>> _byStart = [];

    // Most tuples fall into the window of the tuple before.
    private long _lastStart = Message.NoWatermark;
    private Dictionary<TKey, TAccumulator>? _last;

    public ref TAccumulator? At(long start, TKey key, out bool existed)
    {
        if (start != _lastStart || _last is null)
        {
            if (!_byStart.TryGetValue(start, out _last))
            {
                _byStart.Add(start, _last = []);
            }

            _lastStart = start;
        }

        return ref CollectionsMarshal.GetValueRefOrAddDefault(_last, key, out existed);
    }

    public bool TryGet(long start, TKey key, out TAccumulator? accumulator)
    {
        accumulator = default;
        return _byStart.TryGetValue(start, out Dictionary<TKey, TAccumulator>? keys) && keys.TryGetValue(key, out accumulator);
    }

    /// <summary>The windows that end after one watermark and not after the next, in order.</summary>
    public IEnumerable<KeyValuePair<long, Dictionary<TKey, TAccumulator>>> EndingBetween(long after, long until, long size) =>
        _byStart.SkipWhile(entry => entry.Key + size <= after).TakeWhile(entry => entry.Key + size <= until);

    /// <summary>Forgets the windows that start at or before a moment.</summary>
    public void RemoveBefore(long last)
    {
        foreach (long start in _byStart.Keys.TakeWhile(start => start <= last).ToArray())
        {
            _byStart.Remove(start);
        }

        (_last, _lastStart) = (null, Message.NoWatermark);
    }

    public void Save(ComponentState state, long watermark, int task, int tasks)
    {
        foreach (IGrouping<int, (long Start, TKey Key, TAccumulator Value)> group in Entries().GroupBy(entry => KeyGroups.GroupOf(entry.Key)))
        {
            var writer = new StateWriter();
            foreach ((long start, TKey key, TAccumulator value) in group)
            {
                writer.WriteInt64(start);
                StateCodec<TKey>.Default.Write(writer, key);
                codec.Write(writer, value);
            }

            state.Add(StateName, group.Key, writer.Written);
        }

        // Every group carries the watermark, so that whoever owns it next knows which of its windows have fired.
        foreach (int group in Enumerable.Range(0, KeyGroups.Count).Where(group => KeyGroups.IsOwner(group, task, tasks)))
        {
            var writer = new StateWriter();
            writer.WriteInt64(watermark);
            state.Add(WatermarkName, group, writer.Written);
        }
    }

    /// <summary>Takes over the key groups of this task.</summary>
    /// <returns>The watermark they had reached: the least of the groups, so that no window is taken for fired that was not.</returns>
    public long Restore(ComponentState state, int task, int tasks)
    {
        long watermark = Message.EndOfTime;
        bool any = false;
        foreach (int group in Enumerable.Range(0, KeyGroups.Count).Where(group => KeyGroups.IsOwner(group, task, tasks)))
        {
            if (state.Find(WatermarkName, group) is ReadOnlyMemory<byte> reached)
            {
                watermark = Math.Min(watermark, new StateReader(reached.Span).ReadInt64());
                any = true;
            }

            if (state.Find(StateName, group) is ReadOnlyMemory<byte> windows)
            {
                RestoreGroup(windows.Span);
            }
        }

        return any ? watermark : Message.NoWatermark;
    }

    private void RestoreGroup(ReadOnlySpan<byte> windows)
    {
        var reader = new StateReader(windows);
        while (!reader.IsAtEnd)
        {
            long start = reader.ReadInt64();
            TKey key = StateCodec<TKey>.Default.Read(ref reader);
            At(start, key, out _) = codec.Read(ref reader);
        }
    }

    private IEnumerable<(long Start, TKey Key, TAccumulator Value)> Entries() =>
        _byStart.SelectMany(window => window.Value.Select(entry => (window.Key, entry.Key, entry.Value)));
}
