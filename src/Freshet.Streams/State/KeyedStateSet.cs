namespace Freshet.Streams.State;

/// <summary>The keyed states of one task of one component: declared by name, saved and restored by key group.</summary>
internal sealed class KeyedStateSet<TKey>(int task, int tasks, ComponentState restored)
    where TKey : notnull
{
    private readonly Dictionary<string, Action<int, StateWriter>> _saves = [];

    public KeyedState<TKey, TValue> Declare<TValue>(string name, StateCodec<TValue> codec)
    {
        var state = new KeyedState<TKey, TValue>(StateCodec<TKey>.Default, codec);
        if (!_saves.TryAdd(name, state.Save))
        {
            throw new InvalidOperationException($"The state '{name}' is declared twice in one bolt. Give each a name of its own.");
        }

        foreach (int group in OwnGroups())
        {
            if (restored.Find(name, group) is ReadOnlyMemory<byte> bytes)
            {
                var reader = new StateReader(bytes.Span);
                state.Restore(group, ref reader);
            }
        }

        return state;
    }

    public void Save(ComponentState saved)
    {
        foreach ((string name, Action<int, StateWriter> save) in _saves)
        {
            foreach (int group in OwnGroups())
            {
                var writer = new StateWriter();
                save(group, writer);
                saved.Add(name, group, writer.Written);
            }
        }
    }

    private IEnumerable<int> OwnGroups() => Enumerable.Range(0, KeyGroups.Count).Where(group => KeyGroups.IsOwner(group, task, tasks));
}
