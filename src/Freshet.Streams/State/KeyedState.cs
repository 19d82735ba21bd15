using System.Runtime.InteropServices;
using Freshet.Streams.State;

namespace Freshet.Streams;

/// <summary>
/// A value for each key of a keyed bolt, saved in every checkpoint. Belongs to one task: used by that task's calls only.
/// </summary>
/// <typeparam name="TKey">The keys of the grouping.</typeparam>
/// <typeparam name="TValue">The values.</typeparam>
public sealed class KeyedState<TKey, TValue>
    where TKey : notnull
{
    private readonly Dictionary<TKey, TValue>[] _groups = new Dictionary<TKey, TValue>[KeyGroups.Count];
    private readonly StateCodec<TKey> _keys;
    private readonly StateCodec<TValue> _values;

    internal KeyedState(StateCodec<TKey> keys, StateCodec<TValue> values)
    {
        (_keys, _values) = (keys, values);
        for (int group = 0; group < _groups.Length; group++)
        {
            _groups[group] = [];
        }
    }

    /// <summary>Number of keys with a value.</summary>
    public int Count => _groups.Sum(group => group.Count);

    /// <summary>Every key and value this task owns, in no particular order. Changing the state ends the enumeration with an exception.</summary>
    public IEnumerable<KeyValuePair<TKey, TValue>> All => _groups.SelectMany(group => group);

    /// <summary>The place of the key's value, to read or change; a key seen for the first time starts with <c>default</c>. Valid until the state is used again.</summary>
    public ref TValue? this[TKey key] => ref CollectionsMarshal.GetValueRefOrAddDefault(GroupOf(key), key, out _);

    /// <summary>Whether the key has a value.</summary>
    public bool TryGet(TKey key, out TValue? value) => GroupOf(key).TryGetValue(key, out value);

    /// <summary>Forgets the key's value.</summary>
    public bool Remove(TKey key) => GroupOf(key).Remove(key);

    internal void Save(int group, StateWriter writer)
    {
        Dictionary<TKey, TValue> entries = _groups[group];
        writer.WriteCount(entries.Count);
        foreach ((TKey key, TValue value) in entries)
        {
            _keys.Write(writer, key);
            _values.Write(writer, value);
        }
    }

    internal void Restore(int group, ref StateReader reader)
    {
        int count = reader.ReadCount();
        Dictionary<TKey, TValue> entries = _groups[group];
        entries.EnsureCapacity(count);
        for (int i = 0; i < count; i++)
        {
            TKey key = _keys.Read(ref reader);
            entries[key] = _values.Read(ref reader);
        }
    }

    private Dictionary<TKey, TValue> GroupOf(TKey key) => _groups[KeyGroups.GroupOf(key)];
}
